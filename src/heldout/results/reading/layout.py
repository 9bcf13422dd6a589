"""How a source is laid out: which column is what, and what lies across the columns of a wide table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Across = Literal["", "task", "system", "run", "item"]


@dataclass(frozen=True)
class Profile:
    """A column by its content, as far as a sample of the rows shows it.

    `numeric`: the share of the cells with anything in them that are numbers; `distinct`: different cells; `filled`: cells
    with anything; `binary`: nothing but 0 and 1.
    """

    name: str
    filled: int
    distinct: int
    numeric: float
    whole: bool
    binary: bool

    @property
    def number(self) -> bool:
        """Whether most cells hold a number."""
        return self.filled > 0 and self.numeric >= 0.5


@dataclass(frozen=True)
class Layout:
    """Which column has which role; `values`: the columns of a wide table, each of which is one of `across`.

    `battles`: the roles are first, second and winner. `notes`: why, in words, a line per column.
    """

    roles: Mapping[str, str]
    values: tuple[str, ...] = ()
    across: Across = ""
    battles: bool = False
    notes: tuple[str, ...] = ()
