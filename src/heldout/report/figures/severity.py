"""Score against level: a small panel per group of an axis, a line with its band per learner."""

from collections.abc import Iterator

from heldout.core.result import ScoreRow
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, positions, ticks
from heldout.report.figures.style import learner
from heldout.report.scores import Board, Key

IID: Key = ("iid", None, None, None)
MOST = 24
"""Panels per axis: beyond that the heat map shows the rest."""


def curves(board: Board) -> Iterator[Drawing]:
    """One panel per group of every axis that has levels; none for axes without."""
    for axis in board.axes:
        groups = [g for g in board.groups(axis) if _levels(board, axis, g)]
        y = span(r for g in groups for k in (*board.curve(axis, g), IID) for r in board.rows.get(k, {}).values())
        for group in groups[:MOST]:
            yield _panel(board, axis, group, y, wide=len(groups) == 1)


def span(rows: Iterator[ScoreRow]) -> tuple[float, float]:
    """Limits that hold all estimates and their intervals."""
    return limits((v for r in rows for v in (r.estimate, r.low, r.high)), least=0.005)


def _levels(board: Board, axis: str, group: str | None) -> list[Key]:
    keys = [k for k in board.curve(axis, group) if k[3] is not None]
    return keys if len({k[3] for k in keys}) > 1 else []


def _panel(board: Board, axis: str, group: str | None, y: tuple[float, float], *, wide: bool) -> Drawing:
    keys = _levels(board, axis, group)
    size = (460, 270) if wide else (200, 156)
    at = positions([k[3] or 0.0 for k in keys])
    start = IID in board.rows
    panel = Panel(size, (38, 10, 10, 24), (-1.15 if start else -0.15, at[-1] + 0.15), y)
    marks = ticks(*y, 5 if wide else 4)
    panel.rules(y=marks)
    panel.ticks_y(marks, labels(marks))
    shown = [(x, f"{k[3]:g}") for x, k in zip(at, keys, strict=True)]
    if len(shown) > 7:
        shown = shown[:: -(-len(shown) // 6)]
    panel.ticks_x([x for x, _ in shown], [t for _, t in shown])
    if start:
        panel.ticks_x([-1], ["iid"])
    for index, one in enumerate(board.learners):
        look = learner(index)
        points = [(-1.0, IID)] * start + list(zip(at, keys, strict=True))
        found = [(x, board.rows[k][one]) for x, k in points if one in board.rows.get(k, {})]
        if found:
            xs, rows = [x for x, _ in found], [r for _, r in found]
            panel.band(xs, [r.low for r in rows], [r.high for r in rows], look[0])
            panel.curve(xs, [r.estimate for r in rows], look, size=4.6 if wide else 3.6, width=1.8 if wide else 1.5)
    said = group or axis
    title = f"{board.probe} on {board.task} against {axis}" + (f", {group}" if group else "")
    where = name("curve", board.task, axis, said)
    return Drawing(where, said, panel.svg(title), axis, size[0])


def steps(board: Board) -> Iterator[Drawing]:
    """Learning curves: score against training step, on iid and over each axis, where a learner has several steps."""
    places = [(IID, "iid")] + [((axis, axis, None, None), f"{axis} (mean)") for axis in board.axes]
    drawn = [
        (key, said, [r for r in board.history if (r.split, r.axis, r.group, r.level) == key]) for key, said in places
    ]
    drawn = [d for d in drawn if len({(r.learner, r.step) for r in d[2]}) > len({r.learner for r in d[2]})]
    y = span(r for _, _, mine in drawn for r in mine)
    for _, said, mine in drawn:
        yield _steps(board, said, mine, y)


def _steps(board: Board, said: str, rows: list[ScoreRow], y: tuple[float, float]) -> Drawing:
    size = (200, 156)
    every = sorted({r.step for r in rows})
    x = limits(every, 0.03)
    panel = Panel(size, (38, 14, 10, 24), x, y)
    panel.rules(y=ticks(*y, 4))
    panel.ticks_y(ticks(*y, 4), labels(ticks(*y, 4)))
    at = [t for t in ticks(min(0, every[0]), every[-1], 3) if t >= x[0]]
    panel.ticks_x(at, labels(at))
    for index, one in enumerate(board.learners):
        mine = sorted((r for r in rows if r.learner == one), key=lambda r: r.step)
        look = learner(index)
        if mine:
            xs = [r.step for r in mine]
            panel.band(xs, [r.low for r in mine], [r.high for r in mine], look[0])
            panel.curve(xs, [r.estimate for r in mine], look, size=3.4, width=1.6)
    where = name("steps", board.task, said)
    return Drawing(where, said, panel.svg(f"{board.probe} on {board.task}, {said}, against training step"), "", size[0])
