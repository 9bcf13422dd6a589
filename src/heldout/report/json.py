"""A result as the object that `heldout run --json` prints."""

import math
from typing import Any

from heldout.core.result import Result, ScoreRow
from heldout.core.verdict import Verdict


def tree(result: Result) -> dict[str, Any]:
    """Plain values in stable order; what is not finite is None.

    `scores`: the last step of every cell, group means as `axis[group]`, a configuration of a sweep behind the learner's name.
    """
    return {
        "study": result.study.slug,
        "claims": [claim(v) for v in result.verdicts],
        "scores": [_score(r) for r in _last(result.scores)],
        "seconds": finite(result.seconds),
        "cells_run": int(result.cells_run),
        "cells_reused": int(result.cells_reused),
        "report": result.page or None,
    }


def claim(verdict: Verdict) -> dict[str, Any]:
    """A verdict as it stands in every JSON object."""
    return {
        "name": verdict.claim,
        "statement": verdict.statement,
        "verdict": verdict.verdict,
        "estimate": finite(verdict.estimate),
        "low": finite(verdict.low),
        "high": finite(verdict.high),
        "n": int(verdict.n),
        "unit": verdict.unit,
        "method": verdict.method,
        "assumption": verdict.assumption,
    }


def _score(row: ScoreRow) -> dict[str, Any]:
    grouped = row.split == row.axis and row.group is not None
    return {
        "task": row.task,
        "learner": f"{row.learner} {row.config}".strip(),
        "split": f"{row.split}[{row.group}]" if grouped else row.split,
        "axis": row.axis,
        "level": None if row.level is None else finite(row.level),
        "estimate": finite(row.estimate),
        "low": finite(row.low),
        "high": finite(row.high),
        "n": int(row.n),
    }


def _last(rows: tuple[ScoreRow, ...]) -> list[ScoreRow]:
    found: dict[tuple[object, ...], ScoreRow] = {}
    for row in rows:
        key = (row.task, row.learner, row.config, row.split, row.axis, row.group, row.level)
        if row.probe == "score" and (key not in found or row.step > found[key].step):
            found[key] = row
    return list(found.values())


def finite(value: float) -> float | None:
    """The number, or None where JSON has none."""
    return float(value) if math.isfinite(value) else None
