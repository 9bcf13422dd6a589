"""Scores on unordered places: intervals side by side, and a heat map of groups by learners."""

import math
from collections.abc import Mapping

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.figures.style import learner
from heldout.report.number import number, places
from heldout.report.scores import Board, Key, label
from heldout.report.text import short

MOST = 40
TALL, HEAD = 24, 0.8
"""Pixels of a line of the heat map, and lines above each axis for its name."""


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
    return Drawing(where, axis, panel.svg(f"{board.probe} on {board.task} on each {axis}"), axis, size[0])


def heat(board: Board) -> Drawing | None:
    """Groups (or levels) of every axis by learners, coloured by estimate and with the number in each cell."""
    parts = {axis: board.parts(axis) for axis in board.axes}
    crew, count = list(board.learners), sum(map(len, parts.values()))
    if count < 4 or not 2 <= len(crew) <= 40 or count > 80:
        return None
    wide = min(max(500 / len(crew), 46), 110)
    turned, left = wide < 70, 150
    top = 74 if turned else 24
    rows = count + len(parts) * HEAD
    panel = Panel((left + wide * len(crew) + 8, top + TALL * rows + 6), (left, 8, top, 6), (0, len(crew)), (rows, 0))
    _numbers(panel, board, parts)
    for j, one in enumerate(crew):
        tilt = {"rotation": 40} if turned else {}
        place = j + (0.4 if turned else 0.5), -6 / TALL
        panel.text(*place, short(one, 16), "ink", ha="left" if turned else "center", va="bottom", **tilt)
    where = name("heat", board.task, board.probe)
    title = f"{board.probe} on {board.task} by place and learner"
    return Drawing(where, title, panel.svg(title), "", panel.size[0])


def _numbers(panel: Panel, board: Board, parts: Mapping[str, tuple[Key, ...]]) -> None:
    """The squares, axis by axis under its name, and what stands in them and beside them."""
    crew = list(board.learners)
    found = [
        [board.rows[k][c].estimate if c in board.rows[k] else math.nan for c in crew] for p in parts.values() for k in p
    ]
    finite = [v for row in found for v in row if math.isfinite(v)]
    decimals, low, high = places(*finite), min(finite, default=0.0), max(finite, default=1.0)
    squares, faces, y, values = [], [], 0.0, iter(found)
    for axis, keys in parts.items():
        panel.beside(0, y + HEAD * 0.6, axis, (-6, 0), "soft", ha="right", va="center", fontstyle="italic")
        y += HEAD
        for key in keys:
            panel.ticks_y([y + 0.5], [short(label(key), 22)], "ink")
            for j, v in enumerate(next(values)):
                shade = _shade((v - low) / (high - low) if high > low else 0.5)
                squares.append((j, y))
                faces.append((*shade, 1.0) if shade else (0.5, 0.5, 0.5, 0.15))
                panel.text(j + 0.5, y + 0.5, number(v, decimals), _on(shade))
            y += 1
    panel.squares(squares, faces)


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
