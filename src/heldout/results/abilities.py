"""What items measure and which systems have it; nothing yet."""

from dataclasses import dataclass

from heldout.results.table import Table


@dataclass(frozen=True)
class Abilities:
    """What item responses say of systems and items."""


def abilities(table: Table) -> Abilities | None:
    """What the table's item responses say; None where it has none."""
    del table
    return None
