"""What a panel writes: where things stand, against Matplotlib's own transforms; what is cut, left out or escaped."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

from heldout.report.figures.panel import SHAPES, Panel
from heldout.report.figures.style import MARKERS

SIZE, MARGINS = (460, 270), (38, 10, 12, 24)


def points(svg, colour):
    """The corners of every path of a colour, path by path."""
    found = re.findall(rf'<path d="([^"]+)" style="[^"]*var\(--{colour},', svg)
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML] ?([-\d.]+) ([-\d.]+)", d)] for d in found]


def places(x, y, at):
    """Where Matplotlib puts points of axes with these limits, in pixels from the left and from the top."""
    from matplotlib.figure import Figure

    (width, height), (left, right, top, bottom) = SIZE, MARGINS
    inside = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    axes = Figure(figsize=(width / 72, height / 72), dpi=72).add_axes(inside)
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    return [(a, height - b) for a, b in axes.transData.transform(at)]


@pytest.mark.parametrize(
    ("x", "y"), [((-1.15, 4.15), (0.0, 1.0)), ((0.0, 5.0), (240.0, 0.0)), ((2.0, 9.0), (-3.0, 7.0))]
)
def test_things_stand_where_matplotlib_puts_them(x, y):
    at = [(x[0] + s * (x[1] - x[0]), y[0] + t * (y[1] - y[0])) for s, t in ((0, 0), (0.31, 0.9), (0.77, 0.2), (1, 1))]
    panel = Panel(SIZE, MARGINS, x, y)
    panel.curve([a for a, _ in at], [b for _, b in at], ("c1", "", "-"))
    assert points(panel.svg("t"), "c1") == [[pytest.approx(p, abs=0.051) for p in places(x, y, at)]]


def test_nothing_is_drawn_where_a_value_is_missing():
    panel = Panel(SIZE, MARGINS, (0, 5), (0, 1))
    values = [0.1, 0.2, math.nan, 0.4, math.inf, 0.5, 0.6]
    panel.curve(range(7), values, ("c1", "s", "-"))
    panel.band(range(7), values, [v + 0.1 for v in values], "c2")
    panel.bars([1, 2], [0.1, math.nan], [0.2, 0.4], "c3")
    svg = panel.svg("t")
    line, marks = points(svg, "c1")
    assert len(line) == 4  # two stretches of two; a single value has a marker only
    assert len(marks) == 4 * 5
    assert [len(p) for p in points(svg, "c2")] == [4 + 8]  # what is infinite is cut at the edge
    assert [len(p) for p in points(svg, "c3")] == [2]


def test_intervals_and_areas_are_cut_at_the_edges():
    panel = Panel(SIZE, MARGINS, (0, 4), (3, 0))
    panel.bars([1.0], [-math.inf], [math.inf], "c1", flat=True)
    panel.band([0, 4], [-9, -9], [9, 9], "c2")
    panel.patch((-9, 9), (1, 2), "c3", 0.5)
    svg = panel.svg("t")
    assert points(svg, "c1") == [[(38.0, 90.0), (450.0, 90.0)]]
    for colour in ("c2", "c3"):
        assert all(38 <= x <= 450 and 12 <= y <= 246 for x, y in points(svg, colour)[0])


def test_every_marker_has_a_shape_about_its_point():
    assert {*SHAPES, "o"} == {*MARKERS}
    for corners in SHAPES.values():
        assert max(abs(v) for corner in corners for v in corner) <= 1.41
    for marker in MARKERS:
        panel = Panel(SIZE, MARGINS, (0, 1), (0, 1))
        panel.curve([0.5], [0.5], ("c1", marker, "none"))
        assert panel.svg("t").count("<path") == 1


def test_texts_are_escaped_turned_and_aligned():
    panel = Panel(SIZE, MARGINS, (0, 1), (0, 1))
    panel.text(0, 0, "<b>\x1b", "#102030", ha="left", rotation=40)
    panel.beside(1, 1, "beside", (5, -3), ha="right", va="top", fontstyle="italic")
    root = ET.fromstring(panel.svg('a "title"'))  # noqa: S314 - our own text
    turned, beside = root.iter("text")
    assert turned.text == "<b>\ufffd"
    assert turned.get("transform") == "rotate(-40 38.0 246.0)"
    assert "fill: #102030" in turned.get("style")
    assert "text-anchor: end" in beside.get("style")
    assert "font: italic 10.58px" in beside.get("style")
    assert (beside.get("x"), float(beside.get("y"))) == ("455.0", pytest.approx(15 + 0.76 * 10.58, abs=0.06))
    assert root.get("aria-label") == 'a "title"'


def test_what_is_filled_in_a_shade_of_the_style_follows_the_reader():
    panel = Panel(SIZE, MARGINS, (0, 2), (0, 1))
    panel.squares([(0, 0), (1, 0)], [(0 / 255, 114 / 255, 178 / 255, 0.5), (1.0, 0.0, 0.0, 1.0)])
    svg = panel.svg("t")
    assert "fill: var(--c1,#0072b2); fill-opacity: 0.5" in svg
    assert "fill: #ff0000" in svg
