"""Performance profiles: the share of runs above every threshold, with bands."""

import numpy as np

from heldout.report.figures.drawing import Drawing
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, ticks
from heldout.report.figures.style import learner
from heldout.results.comparison import Comparison
from heldout.results.pages.profiles import leading

MOST = 7
"""Profiles that are drawn: as many as there are colours."""


def profile(comparison: Comparison) -> Drawing | None:
    """One line with its band per system."""
    shown = leading(comparison, MOST)
    if not shown or len(shown[0].thresholds) < 2:
        return None
    low = min(float(p.thresholds[0]) for p in shown)
    high = max(float(p.thresholds[-1]) for p in shown)
    panel = Panel((560, 320), (46, 16, 10, 44), (low, high), (0, 1.02))
    marks = ticks(low, high, 7)
    panel.rules(x=marks, y=(0, 0.25, 0.5, 0.75, 1))
    panel.ticks_x(marks, labels(marks))
    panel.ticks_y((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    panel.beside((low + high) / 2, 0, "threshold: share of runs that score above it", (0, -24), ha="center", va="top")
    for i, p in enumerate(shown):
        colour, marker, dash = learner(i)
        panel.band(p.thresholds, p.low, p.high, colour, 0.14)
        panel.curve(p.thresholds, p.share, (colour, "none", dash))
        step = max(len(p.share) // 8, 1)
        spots = np.arange(step // 2 + i % step, len(p.share), step)
        panel.curve(p.thresholds[spots], p.share[spots], (colour, marker, "none"), size=6)
    title = "Performance profiles with 95% bands"
    return Drawing("profiles-figure", title, panel.svg("profiles-figure", title), "", 560)
