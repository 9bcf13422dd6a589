"""A part of the page before it is laid out: sentences, tables and figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heldout.report.table import Table
from heldout.report.text import short

if TYPE_CHECKING:
    from heldout.report.figures.drawing import Drawing


@dataclass(frozen=True)
class Plate:
    """Drawings under one legend, each an SVG whose `aria-label` says it in words.

    `legend`: (text, colour, sign) of each entry, the colour a name of the report's style; `named`: what the legend is of.
    `label`: what the drawings show, for those who cannot see them, where they stand alone over the whole width; empty where
    they stand side by side under their captions. `least`: pixels below which a wide one is scrolled; `note`: said below.
    """

    drawings: tuple["Drawing", ...]
    legend: tuple[tuple[str, str, str], ...] = ()
    named: str = "Colours in the figures"
    label: str = ""
    least: int = 500
    note: str = ""


def undrawn() -> tuple[Plate, ...]:
    """No figure."""
    return ()


@dataclass(frozen=True)
class Section:
    """What is said under one heading. `slug`: its address on the page; `nothing`: whether there is nothing to say.

    `figures`: draws them; called only for pages that show figures, so that the others need not load what draws.
    """

    slug: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: Callable[[], tuple[Plate, ...]] = undrawn

    @property
    def nothing(self) -> bool:
        """Whether there is neither a sentence nor a row."""
        return not self.sentences and not any(t.rows for t in self.tables)


def called(name: str) -> str:
    """A name as it stands in a sentence: one line, not too long, in quotation marks where it has commas of its own."""
    text = short(name, 40)
    return f"“{text}”" if ", " in text else text


def listed(names: Iterable[str], most: int = 4) -> str:
    """Names as a phrase: `a`, `a and b`, `a, b, c and 5 more`."""
    every = [called(n) for n in names]
    shown = every if len(every) <= most else every[: most - 1]
    rest = [f"{len(every) - len(shown):,} more"] if len(shown) < len(every) else []
    parts = [*shown, *rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
