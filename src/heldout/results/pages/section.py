"""A part of the page before it is laid out: sentences and tables."""

from collections.abc import Iterable
from dataclasses import dataclass

from heldout.report.table import Table
from heldout.report.text import short


@dataclass(frozen=True)
class Section:
    """What is said under one heading. `slug`: its address on the page; `nothing`: whether there is nothing to say."""

    slug: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is neither a sentence nor a row."""
        return not self.sentences and not any(t.rows for t in self.tables)


def called(name: str) -> str:
    """A name as it stands in a sentence: one line, not too long."""
    return short(name, 40)


def listed(names: Iterable[str], most: int = 4) -> str:
    """Names as a phrase: `a`, `a and b`, `a, b, c and 5 more`."""
    every = [called(n) for n in names]
    shown = every if len(every) <= most else every[: most - 1]
    rest = [f"{len(every) - len(shown):,} more"] if len(shown) < len(every) else []
    parts = [*shown, *rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
