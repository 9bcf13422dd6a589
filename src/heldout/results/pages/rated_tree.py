"""Ratings as the object that `heldout compare --json` prints for battles."""

import math
from typing import Any

from heldout.results.comparison import Interval
from heldout.results.rated import Rated, RatedPair, RatedRow


def tree(rated: Rated) -> dict[str, Any]:
    """Plain values in stable order; what is not finite is None. Keys are those of a comparison, and some more."""
    order = rated.order
    return {
        "understood": {
            "kind": "battles",
            "sources": list(rated.battles.sources),
            "columns": list(rated.battles.understood),
            "systems": len(rated.systems),
            "battles": len(rated.battles.outcome),
            "ties": _finite(rated.ties),
            "ties_between_equals": _finite(rated.even),
            "first_wins_between_equals": None if order is None else _interval(order.probability),
            "method": rated.method,
            "clustered_by": rated.cluster,
            "clusters": rated.clusters,
            "groups": [list(g) for g in rated.groups],
            "linked_both_ways": [list(g) for g in rated.components],
            "prior": rated.prior,
        },
        "systems": [_system(s) for s in rated.systems],
        "pairs": [_pair(p) for p in rated.pairs],
        "rankings": {rule: list(one) for rule, one in rated.rankings.items()},
        "warnings": list(dict.fromkeys((*rated.battles.warnings, *rated.warnings))),
    }


def _system(row: RatedRow) -> dict[str, Any]:
    return {
        "system": row.system,
        "strength": _interval(row.strength),
        "points": _interval(row.points),
        "rank": list(row.rank),
        "win_rate": _finite(row.win_rate),
        "battles": row.battles,
        "wins": row.wins,
        "ties": row.ties,
    }


def _pair(row: RatedPair) -> dict[str, Any]:
    return {
        "a": row.a,
        "b": row.b,
        "difference": _interval(row.difference),
        "probability_of_improvement": _interval(row.probability),
        "p_adjusted": _finite(row.p_adjusted),
        "verdict": row.verdict,
        "battles": row.battles,
        "more_battles": row.more,
    }


def _interval(value: Interval) -> dict[str, float | None]:
    return {"estimate": _finite(value.estimate), "low": _finite(value.low), "high": _finite(value.high)}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
