"""What items measure and which systems have it; nothing yet."""

from typing import Any

from heldout.results.abilities import Abilities
from heldout.results.comparison import Comparison
from heldout.results.pages.section import Section


def section(comparison: Comparison) -> Section:
    """What is said of abilities; nothing where the comparison has none."""
    del comparison
    return Section("abilities", "Abilities")


def tree(found: Abilities) -> dict[str, Any]:
    """The same as plain values for JSON."""
    del found
    return {}
