"""A bare plot: what is drawn is what is asked for, which is quicker than Matplotlib's own axes and looks the same everywhere."""

import io
import re
import warnings
from collections.abc import Sequence
from html import escape
from typing import Any
from zlib import crc32

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.report.figures.style import SHADES, SIZE, light
from heldout.report.text import line

_HEAD = re.compile(r".*?(?=<svg\b)", re.DOTALL)
_NOISE = re.compile(r"\s*<metadata>.*?</metadata>|\s*<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_GROUP = re.compile(r'(<(?:g|path)) id="(?:figure|axes|patch|line2d|text|[A-Z]\w*?|xtick|ytick|matplotlib\.\w+)_?\d*"')
_EMPTY = re.compile(r'\s*<g>\s*<path d="[^"]*" style="fill: none"/>\s*</g>|\s*<defs>\s*</defs>')
_PLACE = re.compile(r'(\s(?:d|x|y|transform)=")([^"<>]*)"')
_DIGITS = re.compile(r"(\.\d)\d+")
_FONT = re.compile(r"(font: [^;\"'<>]*?px) '[^;\"<>]*")
_OPENING = re.compile(r"<svg\b[^>]*>")
_SHADE = re.compile("|".join(shades[0] for shades in SHADES.values()))
_TOKENS = {shades[0]: f"var(--{name},{shades[0]})" for name, shades in SHADES.items()}


class Panel:
    """Axes of `size` pixels with margins (left, right, top, bottom) and given limits. Every text is taken literally."""

    def __init__(
        self,
        size: tuple[float, float],
        margins: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        try:
            from matplotlib.backends.backend_svg import FigureCanvasSVG
            from matplotlib.figure import Figure
        except ModuleNotFoundError as error:
            raise HeldoutError("figures need the package 'matplotlib': pip install 'heldout[lab]'") from error
        width, height = size
        left, right, top, bottom = margins
        self.size = size
        self.figure = Figure(figsize=(width / 72, height / 72))
        FigureCanvasSVG(self.figure)
        inside = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
        self.axes = self.figure.add_axes(inside)
        self.axes.set_axis_off()
        self.axes.set_xlim(*x)
        self.axes.set_ylim(*y)

    def rules(
        self, *, x: Sequence[float] = (), y: Sequence[float] = (), colour: str = "grid", width: float = 0.8
    ) -> None:
        """Straight lines across the plot."""
        from matplotlib.collections import LineCollection

        (left, right), (low, high) = self.axes.get_xlim(), self.axes.get_ylim()
        lines = [[(v, low), (v, high)] for v in x] + [[(left, v), (right, v)] for v in y]
        drawn = LineCollection(lines, colors=light(colour), linewidths=width, zorder=0.5, clip_on=False)
        self.axes.add_collection(drawn, autolim=False)

    def curve(self, x: Any, y: Any, look: tuple[str, str, Any], *, width: float = 1.8, size: float = 4.2) -> None:
        """A line with markers; `look`: colour, marker, dash."""
        colour, marker, dash = look
        self.axes.plot(
            x, y, color=light(colour), marker=marker, ls=dash, lw=width, ms=size, mew=0, scalex=False, scaley=False,
            zorder=3, clip_on=False,
        )  # fmt: skip

    def band(self, x: Any, low: Any, high: Any, colour: str, opacity: float = 0.16) -> None:
        """The area between two lines; where one is nan there is none."""
        low, high = np.clip(low, *self.axes.get_ylim()), np.clip(high, *self.axes.get_ylim())
        self.axes.fill_between(x, low, high, color=light(colour), alpha=opacity, lw=0, zorder=1)

    def bars(self, x: Any, low: Any, high: Any, colour: str, *, flat: bool = False, width: float = 1.8) -> None:
        """Intervals, upright or `flat` (then x are heights), cut at the edges."""
        least, most = sorted(self.axes.get_xlim() if flat else self.axes.get_ylim())
        draw = self.axes.hlines if flat else self.axes.vlines
        ends = np.clip(low, least, most), np.clip(high, least, most)
        draw(x, *ends, colors=light(colour), lw=width, zorder=2, clip_on=False)

    def squares(self, corners: Sequence[tuple[float, float]], faces: Sequence[tuple[float, ...]]) -> None:
        """Unit squares with their lower corners at these points, a hair apart, each in its own colour."""
        from matplotlib.collections import PolyCollection

        gap = 0.015
        drawn = [
            [(x + gap, y + gap), (x + 1 - gap, y + gap), (x + 1 - gap, y + 1 - gap), (x + gap, y + 1 - gap)]
            for x, y in corners
        ]
        self.axes.add_collection(PolyCollection(drawn, facecolors=list(faces), linewidths=0), autolim=False)

    def patch(self, x: tuple[float, float], y: tuple[float, float], colour: str, opacity: float) -> None:
        """A shaded rectangle."""
        self.axes.fill_between(x, *y, color=light(colour), alpha=opacity, lw=0, zorder=1)

    def text(self, x: float, y: float, text: str, colour: str = "soft", *, ha: str = "center", **place: Any) -> None:
        """A text at a point; `colour` is a name of the style or a plain hexadecimal colour."""
        shade = light(colour) if colour in SHADES else colour
        how = {"va": "center", "fontsize": SIZE * 0.95} | place
        self.axes.text(x, y, line(text), color=shade, parse_math=False, ha=ha, fontdict=how)

    def ticks_x(self, at: Sequence[float], labels: Sequence[str], drop: float = 6) -> None:
        """Labels below the plot."""
        low = self.axes.get_ylim()[0]
        for x, label in zip(at, labels, strict=True):
            self.beside(x, low, label, (0, -drop), ha="center", va="top")

    def ticks_y(self, at: Sequence[float], labels: Sequence[str], colour: str = "soft") -> None:
        """Labels left of the plot."""
        left = self.axes.get_xlim()[0]
        for y, label in zip(at, labels, strict=True):
            self.beside(left, y, label, (-6, 0), colour=colour, ha="right", va="center")

    def beside(
        self, x: float, y: float, text: str, offset: tuple[float, float], colour: str = "soft", **how: Any
    ) -> None:
        """A text so many pixels away from a point, also outside of the plot."""
        self.axes.annotate(
            line(text), (x, y), xytext=offset, textcoords="offset points", color=light(colour), fontsize=SIZE * 0.92,
            parse_math=False, annotation_clip=False, **how,
        )  # fmt: skip

    def svg(self, name: str, title: str) -> str:
        """The picture as an SVG element: no ids but what it refers to itself, colours as CSS variables."""
        import matplotlib as mpl

        out = io.StringIO()
        with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
            warnings.filterwarnings("ignore", message="Glyph .* missing")  # the reader's fonts draw the text, not ours
            self.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        return _clean(out.getvalue(), name, title, self.size)


def _clean(svg: str, name: str, title: str, size: tuple[float, float]) -> str:
    svg = _GROUP.sub(r"\1", _NOISE.sub("", _HEAD.sub("", svg, count=1)))
    mine = f"f{crc32(name.encode()):08x}"
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{mine}", _EMPTY.sub("", svg))
    svg = _SHADE.sub(lambda match: _TOKENS[match[0]], svg).replace("xlink:href", "href")
    svg = _FONT.sub(r"\1 sans-serif", _PLACE.sub(lambda m: m[1] + _DIGITS.sub(r"\1", m[2]) + '"', svg))
    head = f'<svg viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" aria-label="{escape(line(title))}">'
    return re.sub(r"\s*\n\s*", " ", _OPENING.sub(lambda _: head, svg, count=1)).strip()
