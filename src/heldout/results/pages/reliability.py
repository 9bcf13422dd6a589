"""How reliable repeated answers are; nothing yet."""

from typing import Any

from heldout.results.comparison import Comparison
from heldout.results.pages.section import Section
from heldout.results.reliability import Reliability


def section(comparison: Comparison) -> Section:
    """What is said of reliability; nothing where the comparison has none."""
    del comparison
    return Section("reliability", "Reliability")


def tree(found: Reliability) -> dict[str, Any]:
    """The same as plain values for JSON."""
    del found
    return {}
