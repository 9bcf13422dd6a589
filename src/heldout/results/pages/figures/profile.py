"""Performance profiles: the share of runs above every threshold, with bands."""

import numpy as np

from heldout.report.figures.drawing import Drawing
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, ticks
from heldout.report.figures.style import learner
from heldout.results.comparison import Comparison, Profile
from heldout.results.pages.profiles import leading

MOST = 7
"""Profiles that are drawn: as many as there are colours."""


def profile(comparison: Comparison) -> Drawing | None:
    """One line with its band per system."""
    shown = leading(comparison, MOST)
    if not shown or len(shown[0].thresholds) < 2:
        return None
    low, high = _window(shown)
    panel = Panel((560, 320), (46, 16, 10, 44), (low, high), (0, 1.02))
    marks = ticks(low, high, 7)
    panel.rules(x=marks, y=(0, 0.25, 0.5, 0.75, 1))
    panel.ticks_x(marks, labels(marks))
    panel.ticks_y((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    panel.beside((low + high) / 2, 0, "score above which the share lies", (0, -24), ha="center", va="top")
    for i, p in enumerate(shown):
        colour, marker, dash = learner(i)
        inside = (p.thresholds >= low) & (p.thresholds <= high)
        at, share = p.thresholds[inside], p.share[inside]
        panel.band(at, p.low[inside], p.high[inside], colour, 0.14)
        panel.curve(at, share, (colour, "none", dash))
        step = max(len(share) // 8, 1)
        spots = np.arange(step // 2 + i % step, len(share), step)
        panel.curve(at[spots], share[spots], (colour, marker, "none"), size=6)
    title = "Performance profiles with 95% bands"
    return Drawing("profiles-figure", title, panel.svg(title), "", 560)


def _window(shown: tuple[Profile, ...]) -> tuple[float, float]:
    """Thresholds from where the first profile leaves 1 to where the last comes near 0, one more on either side."""
    starts, stops = [], []
    for p in shown:
        left, over = np.flatnonzero(p.share < 0.999), np.flatnonzero(p.share > 0.01)
        starts.append(p.thresholds[max(left[0] - 1, 0) if len(left) else 0])
        stops.append(p.thresholds[min(over[-1] + 1, len(p.share) - 1) if len(over) else -1])
    low, high = float(min(starts)), float(max(stops))
    return (low, high) if high > low else (float(shown[0].thresholds[0]), float(shown[0].thresholds[-1]))
