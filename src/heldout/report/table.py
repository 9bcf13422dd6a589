"""Tables of estimates with their intervals: what every report prints, before it is laid out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from heldout.report.number import ABSENT, counted, interval, number, places

Kind = Literal["plain", "axis", "part", "worst"]


@dataclass(frozen=True)
class Cell:
    """An estimate, its 95% interval and from how many units it is. `decimals`: its own, where columns are of unlike sizes."""

    estimate: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    unit: str = "seed"
    decimals: int | None = None


@dataclass(frozen=True)
class Row:
    """A line of a table. `kind`: `axis` is a mean over the `part`s that follow it, `worst` the lowest of them.

    `label`: in several lines where a narrow table may break it.
    `notes`: further columns of text. `decimals`: its own, where rows are of unlike sizes.
    """

    label: str
    cells: tuple[Cell | None, ...]
    kind: Kind = "plain"
    notes: tuple[str, ...] = ()
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns, all numbers with the same decimals unless a row has its own.

    `corner`: what the rows are; `notes`: names of the columns of text; `under`: a line below each column's name.
    """

    title: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimals: int = 3
    notes: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    caption: str = ""

    def number(self, cell: Cell | None, row: Row) -> str:
        """The estimate as text."""
        return ABSENT if cell is None else number(cell.estimate, self._decimals(cell, row))

    def interval(self, cell: Cell | None, row: Row) -> str:
        """The interval as text, empty where there is none."""
        return "" if cell is None else interval(cell.low, cell.high, self._decimals(cell, row))

    def _decimals(self, cell: Cell, row: Row) -> int:
        own = row.decimals if cell.decimals is None else cell.decimals
        return self.decimals if own is None else own


def table(title: str, corner: str, columns: Sequence[str], rows: Sequence[Row], caption: str = "") -> Table:
    """A table whose decimals suit its numbers and whose columns say how many units they are from."""
    cells = [[r.cells[i] for r in rows] for i in range(len(columns))]
    return Table(
        title,
        corner,
        tuple(columns),
        tuple(rows),
        places(*(c.estimate for r in rows for c in r.cells if c is not None)),
        under=tuple(units(column) for column in cells),
        caption=caption,
    )


def units(cells: Iterable[Cell | None]) -> str:
    """How many units some cells are from, such as `12 seeds` or `8 to 12 seeds`."""
    found = [c for c in cells if c is not None and c.n]
    if not found:
        return ""
    least, most, unit = min(c.n for c in found), max(c.n for c in found), found[0].unit
    return counted(most, unit) if least == most else f"{least:,} to {counted(most, unit)}"
