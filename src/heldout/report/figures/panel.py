"""A bare plot, written as SVG straight away: what is drawn is what is asked for, in a fraction of a millisecond."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from heldout.report.figures.style import SHADES, SIZE, light
from heldout.report.text import line

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
DROPS = {"top": 0.76, "center": 0.28, "bottom": -0.2}
"""How far below its point the baseline of a text lies, in ems, so that it hangs from the point, is centred on it or stands on it."""

SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "s": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "^": ((0, -1), (1, 1), (-1, 1)),
    "D": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
    "v": ((0, 1), (1, -1), (-1, -1)),
    "P": ((-0.33, -1), (0.33, -1), (0.33, -0.33), (1, -0.33), (1, 0.33), (0.33, 0.33), (0.33, 1), (-0.33, 1), (-0.33, 0.33), (-1, 0.33), (-1, -0.33), (-0.33, -0.33)),
    "X": ((-0.5, -1), (0, -0.5), (0.5, -1), (1, -0.5), (0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (-0.5, 1), (-1, 0.5), (-0.5, 0), (-1, -0.5)),
}  # fmt: skip
"""The corners of the markers of a size of 2, y downwards; a circle has none."""

_TOKENS = {shades[0]: name for name, shades in SHADES.items()}


class Panel:
    """A plot of `size` pixels with margins (left, right, top, bottom) and given limits. Every text is taken literally."""

    def __init__(
        self,
        size: tuple[float, float],
        margins: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        left, right, top, bottom = margins
        self.size = size
        self._x, self._y = x, y
        self._across = left, (size[0] - left - right) / ((x[1] - x[0]) or 1.0)
        self._down = size[1] - bottom, (size[1] - top - bottom) / ((y[1] - y[0]) or 1.0)
        self._layers: dict[float, list[str]] = {}

    def rules(
        self, *, x: Sequence[float] = (), y: Sequence[float] = (), colour: str = "grid", width: float = 0.8
    ) -> None:
        """Straight lines across the plot."""
        lines = [((v, self._y[0]), (v, self._y[1])) for v in x] + [((self._x[0], v), (self._x[1], v)) for v in y]
        self._stroke(0.5, lines, colour, width)

    def curve(self, x: Any, y: Any, look: tuple[str, str, Any], *, width: float = 1.8, size: float = 4.2) -> None:
        """A line with markers; `look`: colour, marker, dash. Neither where a value is nan."""
        colour, marker, dash = look
        if dash != "none":
            lines = [list(zip(*run, strict=True)) for run in _runs(x, y)]
            self._stroke(3, [run for run in lines if len(run) > 1], colour, width, dash)
        if marker not in ("", "none"):
            marks = [self._mark(marker, a, b, size / 2) for run in _runs(x, y) for a, b in zip(*run, strict=True)]
            self._fill(3, marks, colour)

    def band(self, x: Any, low: Any, high: Any, colour: str, opacity: float = 0.16) -> None:
        """The area between two lines; where one is nan there is none."""
        low, high = _within(low, sorted(self._y)), _within(high, sorted(self._y))
        areas = []
        for across, bottom, top in _runs(x, low, high):
            if len(across) > 1:
                there, back = zip(across, bottom, strict=True), zip(across[::-1], top[::-1], strict=True)
                areas.append(f"{self._path([*there, *back])}Z")
        self._fill(1, areas, colour, opacity)

    def bars(self, x: Any, low: Any, high: Any, colour: str, *, flat: bool = False, width: float = 1.8) -> None:
        """Intervals, upright or `flat` (then x are heights), cut at the edges."""
        edges = sorted(self._x if flat else self._y)
        ends = zip(x, _within(low, edges), _within(high, edges), strict=True)
        drawn = [((a, v), (b, v)) if flat else ((v, a), (v, b)) for v, a, b in ends if not math.isnan(a + b)]
        self._stroke(2, drawn, colour, width)

    def squares(self, corners: Sequence[tuple[float, float]], faces: Sequence[tuple[float, ...]]) -> None:
        """Unit squares with their lower corners at these points, a hair apart, each in its own colour (shares of red, green, blue and opacity)."""
        gap = 0.015
        for (x, y), face in zip(corners, faces, strict=True):
            shade = "#" + "".join(f"{round(255 * c):02x}" for c in face[:3])
            ends = (x + gap, y + gap), (x + 1 - gap, y + gap), (x + 1 - gap, y + 1 - gap), (x + gap, y + 1 - gap)
            self._fill(1, [f"{self._path(ends)}Z"], _TOKENS.get(shade, shade), face[3] if len(face) > 3 else 1.0)

    def patch(self, x: tuple[float, float], y: tuple[float, float], colour: str, opacity: float) -> None:
        """A shaded rectangle, cut at the edges."""
        (left, right), (low, high) = (_within(v, sorted(ends)) for v, ends in ((x, self._x), (y, self._y)))
        corners = ((left, low), (right, low), (right, high), (left, high))
        self._fill(1, [f"{self._path(corners)}Z"], colour, opacity)

    def text(self, x: float, y: float, text: str, colour: str = "soft", *, ha: str = "center", **how: Any) -> None:
        """A text at a point; `colour` is a name of the style or a plain hexadecimal colour."""
        self._text(self._at(x, y), text, colour, {"ha": ha, "va": "center", "fontsize": SIZE * 0.95} | how)

    def ticks_x(self, at: Sequence[float], labels: Sequence[str], drop: float = 6) -> None:
        """Labels below the plot."""
        for x, label in zip(at, labels, strict=True):
            self.beside(x, self._y[0], label, (0, -drop), ha="center", va="top")

    def ticks_y(self, at: Sequence[float], labels: Sequence[str], colour: str = "soft") -> None:
        """Labels left of the plot."""
        for y, label in zip(at, labels, strict=True):
            self.beside(self._x[0], y, label, (-6, 0), colour=colour, ha="right", va="center")

    def beside(
        self, x: float, y: float, text: str, offset: tuple[float, float], colour: str = "soft", **how: Any
    ) -> None:
        """A text so many pixels away (to the right, upwards) from a point, also outside of the plot."""
        across, down = self._at(x, y)
        self._text((across + offset[0], down - offset[1]), text, colour, {"fontsize": SIZE * 0.92} | how)

    def svg(self, title: str) -> str:
        """The picture as an SVG element without ids, its colours CSS variables."""
        width, height = self.size
        head = f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(line(title))}">'
        return head + "".join(part for layer in sorted(self._layers) for part in self._layers[layer]) + "</svg>"

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        (left, across), (bottom, down) = self._across, self._down
        return left + (x - self._x[0]) * across, bottom - (y - self._y[0]) * down

    def _path(self, points: Sequence[tuple[float, float]]) -> str:
        return "M " + " L ".join(f"{a:.1f} {b:.1f}" for a, b in (self._at(x, y) for x, y in points))

    def _mark(self, marker: str, x: float, y: float, half: float) -> str:
        across, down = self._at(x, y)
        if marker == "o":
            arc = f"a{half:g} {half:g} 0 1 0"
            return f"M{across - half:.2f} {down:.2f}{arc} {2 * half:g} 0{arc} {-2 * half:g} 0z"
        corners = (f"{across + half * a:.2f} {down + half * b:.2f}" for a, b in SHAPES[marker])
        return f"M{'L'.join(corners)}z"

    def _stroke(
        self, layer: float, lines: Sequence[Sequence[tuple[float, float]]], colour: str, width: float, dash: Any = ""
    ) -> None:
        """Lines of one look, as one path."""
        style = f"fill: none; stroke: {_shade(colour)}; stroke-width: {width:g}"
        if dash == "-":
            style += "; stroke-linecap: square"
        elif dash:
            style += f"; stroke-dasharray: {','.join(f'{width * d:.4g}' for d in dash[1])}"
        self._draw(layer, [self._path(points) for points in lines], style)

    def _fill(self, layer: float, paths: Sequence[str], colour: str, opacity: float = 1.0) -> None:
        """Areas of one look, as one path."""
        seen = "" if opacity == 1 else f"; fill-opacity: {opacity:.4g}"
        self._draw(layer, paths, f"fill: {_shade(colour)}{seen}")

    def _draw(self, layer: float, paths: Sequence[str], style: str) -> None:
        if paths:
            self._layers.setdefault(layer, []).append(f'<path d="{" ".join(paths)}" style="{style}"/>')

    def _text(self, at: tuple[float, float], text: str, colour: str, how: dict[str, Any]) -> None:
        """`how`: `ha`, `va`, `fontsize`, and `rotation` about the point or `fontstyle` where there is one."""
        (x, y), em, turn = at, how["fontsize"], how.get("rotation", 0)
        turned = f' transform="rotate({-turn:g} {x:.1f} {y:.1f})"' if turn else ""
        font = f"font: {how['fontstyle']} {em:.4g}px" if "fontstyle" in how else f"font: {em:.4g}px"
        style = f"{font} sans-serif; text-anchor: {ANCHORS[how['ha']]}; fill: {_shade(colour)}"
        place = f'x="{x:.1f}" y="{y + DROPS[how["va"]] * em:.1f}"'
        self._layers.setdefault(3, []).append(f'<text {place}{turned} style="{style}">{escape(line(text))}</text>')


def _shade(colour: str) -> str:
    """A name of the style as a CSS variable, or the colour itself."""
    return f"var(--{colour},{light(colour)})" if colour in SHADES else colour


def _within(values: Any, edges: Sequence[float]) -> np.ndarray:
    """The values, cut at the edges."""
    return np.clip(np.asarray(values, float), edges[0], edges[1])


def _runs(*columns: Any) -> Iterator[list[np.ndarray]]:
    """The stretches of some columns in which all values are finite."""
    table = np.array([np.asarray(c, float) for c in columns])
    there = np.flatnonzero(np.isfinite(table).all(axis=0))
    for stretch in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
        if len(stretch):
            yield list(table[:, stretch])
