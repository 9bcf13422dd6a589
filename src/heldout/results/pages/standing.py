"""The systems in the order in which the page names them."""

import math

from heldout.report.number import places
from heldout.results.comparison import Comparison, SystemRow


def standing(comparison: Comparison) -> tuple[SystemRow, ...]:
    """By descending mean; what has none comes last."""

    def key(row: SystemRow) -> float:
        return math.inf if math.isnan(row.mean.estimate) else -row.mean.estimate

    return tuple(sorted(comparison.systems, key=key))


def rank(row: SystemRow) -> str:
    """The interval of its rank, such as `1` or `2 to 4`."""
    low, high = row.rank
    return f"{low}" if low == high else f"{low} to {high}"


def decimals(comparison: Comparison) -> int:
    """How many decimals scores are shown with: the same for every aggregate in the unit of the scores."""
    return places(*(x.estimate for s in comparison.systems for x in (s.iqm, s.mean, s.median)))
