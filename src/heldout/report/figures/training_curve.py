"""Score against training step, a panel per learner: what it learns from, what is held out, and every shift."""

import math
from collections.abc import Sequence

from heldout.core.result import ScoreRow
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.figures.severity import span
from heldout.report.figures.style import DASHES, learner
from heldout.report.scores import Board, Key
from heldout.report.text import short

FEWEST = 3
"""Steps of a curve: two points make none."""
WIDE = 20.0
"""How many times the first step the last one is where steps stand on a logarithmic axis."""
STROKES = ("solid", "dashed", "dotted", "dash-dotted")
"""What `DASHES` look like, in words."""


def curves(board: Board) -> tuple[Drawing, ...]:
    """A panel for every learner whose training and held-out scores were both recorded along training; all on one scale."""
    if len(lines(board)) < 2:
        return ()
    found = [(i, one, rows) for i, one in enumerate(board.learners) if (rows := _mine(board, one))]
    every = [row for _, _, rows in found for mine in rows.values() for row in mine]
    if not every:
        return ()
    x = _across([r.step for r in every])
    y = span(iter(every))
    return tuple(_panel(board, one, rows, (x, y), i) for i, one, rows in found)


def lines(board: Board) -> dict[Key, str]:
    """The places that have a line, iid first, then training, then the mean over each axis; each with its stroke in words."""
    known = {(r.split, r.axis, r.group, r.level) for r in board.history}
    plain = sorted((k for k in known if k[1] is None and k[0] != "worst"), key=lambda k: (k[0] != "iid", k[0]))
    whole = [(axis, axis, None, None) for axis in board.axes if (axis, axis, None, None) in known]
    return dict(zip([*plain, *whole], STROKES, strict=False)) if plain and plain[0][0] == "iid" else {}


def legend(board: Board) -> str:
    """The strokes in words, such as `solid: iid; dashed: train`."""
    return "; ".join(f"{stroke}: {key[0]}" for key, stroke in lines(board).items())


def _mine(board: Board, one: str) -> dict[Key, list[ScoreRow]]:
    """The rows of one learner by place, step by step, if its training and held-out scores are curves."""
    found = {
        key: sorted(
            (r for r in board.history if r.learner == one and (r.split, r.axis, r.group, r.level) == key),
            key=lambda r: r.step,
        )
        for key in lines(board)
    }
    found = {key: rows for key, rows in found.items() if len(rows) >= FEWEST}
    return found if len(found) > 1 else {}


def _across(steps: Sequence[int]) -> tuple[float, float, bool]:
    """Limits along the steps, of their logarithms where they span much, and whether they do."""
    first, last = min(steps), max(steps)
    much = first > 0 and last >= WIDE * first
    low, high = limits([math.log10(s) for s in (first, last)] if much else [first, last], 0.03)
    return low, high, much


def _marks(low: float, high: float, much: bool) -> tuple[list[float], list[str]]:
    """Where ticks stand, and what they say: powers of ten on a logarithmic axis."""
    if not much:
        at = [t for t in ticks(max(low, 0.0), high, 3) if t >= low]
        return at, labels(at)
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    return [float(p) for p in powers], labels([10.0**p for p in powers])


def _panel(
    board: Board,
    one: str,
    rows: dict[Key, list[ScoreRow]],
    scales: tuple[tuple[float, float, bool], tuple[float, float]],
    index: int,
) -> Drawing:
    (low, high, much), y = scales
    size = (260, 180)
    panel = Panel(size, (38, 14, 10, 24), (low, high), y)
    marks = ticks(*y, 4)
    at, said = _marks(low, high, much)
    panel.rules(x=at, y=marks)
    panel.ticks_y(marks, labels(marks))
    panel.ticks_x(at, said)
    colour = learner(index)[0]
    for dash, key in zip(DASHES, lines(board), strict=False):
        if mine := rows.get(key):
            xs = [math.log10(r.step) if much else r.step for r in mine]
            panel.band(xs, [r.low for r in mine], [r.high for r in mine], colour)
            panel.curve(xs, [r.estimate for r in mine], (colour, "", dash), width=1.6)
    where = name("training", board.task, board.probe, one)
    title = f"{board.probe} of {one} on {board.task} against training step ({legend(board)})"
    return Drawing(where, short(board.learners[one], 40), panel.svg(title), "", size[0])
