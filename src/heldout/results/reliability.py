"""How reliable repeated answers are; nothing yet."""

from dataclasses import dataclass

from heldout.results.table import Table


@dataclass(frozen=True)
class Reliability:
    """What repeated answers to items say of systems."""


def reliability(table: Table) -> Reliability | None:
    """What the table's repeated answers say; None where it has none."""
    del table
    return None
