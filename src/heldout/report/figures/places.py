"""Scores on unordered places: intervals side by side, and a heat map of groups by learners."""

import math

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.figures.style import learner
from heldout.report.number import number, places
from heldout.report.scores import Board, label
from heldout.report.text import short

LINE, MOST = 13, 40


def dots(board: Board, axis: str) -> Drawing | None:
    """A line per place of an axis without levels, a dot with its interval per learner."""
    keys = [k for k in board.curve(axis, None) if k[3] is None]
    keys = (keys or [k for g in board.groups(axis) for k in board.curve(axis, g) if k[3] is None])[:MOST]
    if not keys:
        return None
    keys = [k for k in (("iid", None, None, None),) if k in board.rows] + keys
    crew = list(board.learners)
    tall = max(len(crew) * 9 + 10, 24)
    x = limits((v for k in keys for r in board.rows[k].values() for v in (r.estimate, r.low, r.high)), least=0.005)
    size = (560, len(keys) * tall + 34)
    panel = Panel(size, (150, 16, 6, 26), x, (len(keys) * tall, 0))
    marks = ticks(*x, 6)
    panel.rules(x=marks)
    panel.ticks_x(marks, labels(marks))
    panel.ticks_y([(i + 0.5) * tall for i in range(len(keys))], [short(label(k), 22) for k in keys], "ink")
    panel.rules(y=[i * tall for i in range(1, len(keys))], width=0.5)
    for index, one in enumerate(crew):
        look = learner(index)
        here = [(i, board.rows[k][one]) for i, k in enumerate(keys) if one in board.rows[k]]
        at = [(i + 0.5) * tall + (index - (len(crew) - 1) / 2) * 9 for i, _ in here]
        if here:
            panel.bars(at, [r.low for _, r in here], [r.high for _, r in here], look[0], flat=True)
            panel.curve([r.estimate for _, r in here], at, (look[0], look[1], "none"), size=5)
    where = name("dots", board.task, axis)
    return Drawing(where, axis, panel.svg(where, f"{board.probe} on {board.task} on each {axis}"), axis, size[0])


def heat(board: Board) -> Drawing | None:
    """Groups (or levels) of all axes by learners, coloured by estimate and with the number in each cell."""
    keys = [k for axis in board.axes for k in board.parts(axis)]
    crew = list(board.learners)
    if len(keys) < 4 or len(crew) < 2 or len(keys) > 60:
        return None
    wide, tall, left = min(max(500 / len(crew), 46), 110), 24, 150
    turned = wide < 70
    top = 74 if turned else 24
    size = (left + wide * len(crew) + 8, top + tall * len(keys) + 6)
    panel = Panel(size, (left, 8, top, 6), (0, len(crew)), (len(keys), 0))
    values = [[board.rows[k][c].estimate if c in board.rows[k] else math.nan for c in crew] for k in keys]
    finite = [v for row in values for v in row if math.isfinite(v)]
    decimals = places(*finite)
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    shades = [[_shade((v - low) / (high - low) if high > low else 0.5) for v in row] for row in values]
    _squares(panel, shades)
    for i, row in enumerate(values):
        for j, v in enumerate(row):
            panel.text(j + 0.5, i + 0.5, number(v, decimals), _on(shades[i][j]))
    for j, one in enumerate(crew):
        tilt = {"rotation": 40, "ha": "left", "rotation_mode": "anchor"} if turned else {"ha": "center"}
        panel.text(j + (0.4 if turned else 0.5), -6 / tall, short(one, 16), "ink", va="bottom", **tilt)
    panel.ticks_y([i + 0.5 for i in range(len(keys))], [short(label(k), 22) for k in keys], "ink")
    where = name("heat", board.task, board.probe)
    title = f"{board.probe} on {board.task} by place and learner"
    return Drawing(where, title, panel.svg(where, title), "", size[0])


RAMP = ((0.129, 0.098, 0.247), (0.106, 0.263, 0.451), (0.055, 0.447, 0.549), (0.322, 0.647, 0.569), (0.702, 0.820, 0.624), (0.980, 0.957, 0.784))  # fmt: skip
"""Dark (low) to light (high), even in lightness and in hues that every kind of sight keeps apart."""

Colour = tuple[float, float, float]


def _shade(share: float) -> Colour | None:
    if not math.isfinite(share):
        return None
    at = min(max(share, 0.0), 1.0) * (len(RAMP) - 1)
    i = min(int(at), len(RAMP) - 2)
    a, b = RAMP[i], RAMP[i + 1]
    return (a[0] + (b[0] - a[0]) * (at - i), a[1] + (b[1] - a[1]) * (at - i), a[2] + (b[2] - a[2]) * (at - i))


def _on(shade: Colour | None) -> str:
    """Black or white, whichever is easier to read on the shade."""
    if shade is None:
        return "soft"
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shade)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def _squares(panel: Panel, shades: list[list[Colour | None]]) -> None:
    from matplotlib.collections import PolyCollection

    edge = 0.03
    squares, faces = [], []
    for i, row in enumerate(shades):
        for j, shade in enumerate(row):
            a, b, c, d = j + edge / 2, j + 1 - edge / 2, i + edge, i + 1 - edge
            squares.append([(a, c), (b, c), (b, d), (a, d)])
            faces.append((*shade, 1.0) if shade else (0.5, 0.5, 0.5, 0.15))
    panel.axes.add_collection(PolyCollection(squares, facecolors=faces, linewidths=0), autolim=False)
