"""A comparison as the object that `heldout compare --json` prints."""

from typing import Any

from heldout.report.json import claim, finite
from heldout.results.comparison import Comparison, Condition, Interval, PairRow, SystemRow


def tree(comparison: Comparison) -> dict[str, Any]:
    """Plain values in stable order; what is not finite is None. `claims`, `abilities` and `reliability` are there where there are any."""
    table = comparison.table
    made: dict[str, Any] = {
        "understood": {
            "kind": table.kind,
            "sources": list(table.sources),
            "columns": list(table.understood),
            "systems": len(table.systems),
            "tasks": len(table.tasks),
            "paired": bool(table.paired),
            "normalised": comparison.normalised,
        },
        "systems": [_system(s) for s in comparison.systems],
        "pairs": [_pair(p) for p in comparison.pairs],
        "rankings": {rule: list(order) for rule, order in comparison.rankings.items()},
        "warnings": list(dict.fromkeys((*table.warnings, *comparison.warnings))),
    }
    made |= {"claims": [claim(v) for v in comparison.claims]} if comparison.claims else {}
    return made | _items(comparison)


def _items(comparison: Comparison) -> dict[str, Any]:
    """What only tables of responses have; its pages are loaded only then."""
    made: dict[str, Any] = {}
    if comparison.abilities is not None:
        from heldout.results.pages import abilities

        made["abilities"] = abilities.tree(comparison.abilities)
    if comparison.reliability is not None:
        from heldout.results.pages import reliability

        made["reliability"] = reliability.tree(comparison.reliability)
    return made


def _system(row: SystemRow) -> dict[str, Any]:
    return {
        "system": row.system,
        "runs": int(row.runs),
        "tasks": int(row.tasks),
        "iqm": _interval(row.iqm),
        "mean": _interval(row.mean),
        "median": _interval(row.median),
        "optimality_gap": _interval(row.optimality_gap),
        "win_rate": _interval(row.win_rate),
        "rank": list(row.rank),
        "rank_probabilities": [finite(p) for p in row.ranks],
        "leads": None if row.leads is None else _condition(row.leads),
    }


def _condition(found: Condition) -> dict[str, Any]:
    return {"possible": bool(found.possible), "moved": finite(found.moved), "weights": dict(found.weights)}


def _pair(row: PairRow) -> dict[str, Any]:
    return {
        "a": row.a,
        "b": row.b,
        "difference": _interval(row.difference),
        "probability_of_improvement": _interval(row.probability_of_improvement),
        "p_adjusted": finite(row.p_adjusted),
        "verdict": row.verdict,
        "more_runs": None if row.more_units is None else int(row.more_units),
    }


def _interval(value: Interval) -> dict[str, float | None]:
    return {"estimate": finite(value.estimate), "low": finite(value.low), "high": finite(value.high)}
