"""Fitting a table of estimates into so many columns of text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len

from heldout.report.table import Kind, Table
from heldout.report.text import distinct, line, short

GAP = 2
NAMES = (44, 28, 20, 14)
"""Widths tried for the first column before a table is cut in two."""
CUT = 22
"""Width of the first column of a table that is cut: then there is room for its names."""


@dataclass(frozen=True)
class Layout:
    """Heads and rows of plain text, ready to be aligned; `left`: which columns are words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Kind], ...]
    left: tuple[bool, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of text that each column needs."""
        columns = zip(self.heads, *(cells for cells, _ in self.rows), strict=True)
        return tuple(max(cell_len(part) for text in column for part in text.split("\n")) for column in columns)

    @property
    def width(self) -> int:
        """Columns of text needed in all."""
        return sum(self.widths) + GAP * (len(self.heads) - 1)


def fit(table: Table, width: int) -> tuple[Layout, ...]:
    """The table in the first form that fits: as it is, turned, with intervals below the estimates, cut into several."""
    few = len(table.rows) <= 8 and not table.notes
    least = len(table.columns) * (table.decimals + 2 + GAP)
    for name in NAMES if least <= width or few else ():
        forms = [_turned(table, name)] if few else []
        forms += [_laid(table, name, stacked=stacked) for stacked in (False, True) if least <= width]
        for form in forms:
            if form.width <= width:
                return (form,)
    return tuple(_cut(_laid(table, min(CUT, width // 4), stacked=True), width))


def _cut(layout: Layout, width: int) -> Iterator[Layout]:
    """Slices of the columns, each as wide as fits but of at least one column, the first column in front of every one."""
    widths = layout.widths
    start = 1
    while start < len(widths):
        stop, used = start + 1, widths[0] + GAP + widths[start]
        while stop < len(widths) and used + GAP + widths[stop] <= width:
            used += GAP + widths[stop]
            stop += 1
        yield Layout(
            (layout.heads[0], *layout.heads[start:stop]),
            tuple(((cells[0], *cells[start:stop]), kind) for cells, kind in layout.rows),
            (layout.left[0], *layout.left[start:stop]),
        )
        start = stop


def _laid(table: Table, name: int, *, stacked: bool) -> Layout:
    between = "\n" if stacked else " "
    heads = [short(table.corner, name)]
    columns = distinct(table.columns, name)
    heads += [_head(columns[c], table, i) for i, c in enumerate(table.columns)]
    rows = []
    split = between == " " and any("\n" in row.label for row in table.rows)
    inset = 2 * any(row.kind in ("part", "worst") for row in table.rows)
    called = _called(table, (name // 2 if split else name) - inset)
    for row in table.rows:
        indent = "  " if row.kind in ("part", "worst") else ""
        cells = [_label(row.label, called, indent, between)]
        cells += [between.join(t for t in (table.number(c, row), table.interval(c, row)) if t) for c in row.cells]
        rows.append(((*cells, *(line(n) for n in row.notes)), row.kind))
    left = (True,) + (False,) * len(table.columns) + (True,) * len(table.notes)
    return Layout((*heads, *table.notes), tuple(rows), left)


def _called(table: Table, width: int) -> dict[str, str]:
    """What the lines of labels are called in so many columns, each by another name."""
    return distinct((part for row in table.rows for part in row.label.split("\n")), width)


def _label(label: str, called: Mapping[str, str], indent: str, between: str) -> str:
    """Its lines beside or below each other."""
    return between.join(indent + called[part] for part in label.split("\n"))


def _head(column: str, table: Table, index: int) -> str:
    under = table.under[index] if table.under else ""
    return "\n".join(t for t in (column, under) if t)


def _turned(table: Table, name: int) -> Layout:
    """Columns as rows: for a few places and many learners."""
    called = _called(table, name)
    columns = distinct(table.columns, name)
    heads = [""] + [_label(row.label, called, "", "\n") for row in table.rows]
    rows = []
    for index, column in enumerate(table.columns):
        cells = [(table.number(r.cells[index], r), table.interval(r.cells[index], r)) for r in table.rows]
        rows.append(((columns[column], *(" ".join(t for t in c if t) for c in cells)), "plain"))
    if any(table.under):
        heads.append("from")
        rows = [((*cells, under), kind) for (cells, kind), under in zip(rows, table.under, strict=True)]
    left = (True,) + (False,) * len(table.rows) + (True,) * any(table.under)
    return Layout(tuple(heads), tuple(rows), left)
