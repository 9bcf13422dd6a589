"""A board as data for the interactive figure: every view of it as lines with intervals."""

import math
from collections.abc import Iterator
from typing import Any

from heldout.core.result import ScoreRow
from heldout.report.scores import Board, Key, label

MOST = 4000
"""Points of a board beyond which no interactive figure is offered: the page stays light."""


def views(board: Board) -> list[dict[str, Any]]:
    """Score by place, by the level of each axis that has levels, and by training step at each place that has a curve.

    A view has a `title`, the meaning of `x`, and `lines`, each with a learner's `name`, its place among the learners, and
    `x`, `y`, `low` and `high` of its points.
    """
    found = [_places(board), *_levels(board), *_steps(board)]
    found = [view for view in found if any(len(one["x"]) > 1 for one in view["lines"])]
    return found if sum(len(one["x"]) for view in found for one in view["lines"]) <= MOST else []


def _places(board: Board) -> dict[str, Any]:
    keys = [k for k in board.rows if k[0] != "worst" and not (k[1] is not None and k[0] == k[1])]
    return _view("every place", "", [(k, label(k)) for k in keys], board)


def _levels(board: Board) -> Iterator[dict[str, Any]]:
    for axis in board.axes:
        for group in board.groups(axis):
            keys = [k for k in board.curve(axis, group) if k[3] is not None]
            title = f"along {axis}" + (f", {group}" if group else "")
            yield _view(title, axis, [(k, k[3]) for k in keys], board)


def _view(title: str, x: str, keys: list[tuple[Key, Any]], board: Board) -> dict[str, Any]:
    lines = []
    for index, (learner, text) in enumerate(board.learners.items()):
        rows = [(at, board.rows[k][learner]) for k, at in keys if learner in board.rows[k]]
        lines.append(_line(text, index, [(at, r) for at, r in rows if not math.isnan(r.estimate)]))
    return {"title": title, "x": x, "lines": lines}


def _steps(board: Board) -> Iterator[dict[str, Any]]:
    found: dict[Key, dict[str, list[ScoreRow]]] = {}
    for row in board.history:
        key = (row.split, row.axis, row.group, row.level)
        whole = row.axis is None or (row.split == row.axis and row.group is None)
        if whole and row.split != "worst" and not math.isnan(row.estimate):
            found.setdefault(key, {}).setdefault(row.learner, []).append(row)
    for (split, axis, _, _), mine in found.items():
        lines = [
            _line(text, i, [(r.step, r) for r in sorted(mine.get(learner, ()), key=lambda r: r.step)])
            for i, (learner, text) in enumerate(board.learners.items())
        ]
        yield {
            "title": f"along training, {split if axis is None else f'mean over {axis}'}",
            "x": "step",
            "lines": lines,
        }


def _line(name: str, index: int, rows: list[tuple[Any, ScoreRow]]) -> dict[str, Any]:
    return {
        "name": name,
        "index": index,
        "x": [at for at, _ in rows],
        "y": [_rounded(r.estimate) for _, r in rows],
        "low": [_rounded(r.low) for _, r in rows],
        "high": [_rounded(r.high) for _, r in rows],
    }


def _rounded(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
