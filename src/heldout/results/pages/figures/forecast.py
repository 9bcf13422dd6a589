"""Scores against scale with the law, its interval and the forecasts."""

import math

import numpy as np

from heldout.report.figures.drawing import Drawing
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.figures.sheet import GLYPHS
from heldout.report.figures.style import learner
from heldout.report.text import line, short
from heldout.results.forecast import Forecast
from heldout.results.pages.section import Plate

MOST = 7
"""Systems that are drawn: as many as there are colours."""

SIZE = (620, 360)


def plates(made: Forecast) -> tuple[Plate, ...]:
    """The figure with its legend."""
    shapes = tuple(GLYPHS.values())
    legend = tuple(
        (f"{short(s.system, 30)}: {s.law}" if len(made.systems) > 1 else s.law, f"c{i % 7 + 1}", shapes[i % 7])
        for i, s in enumerate(made.systems[:MOST])
    )
    rest = len(made.systems) - MOST
    note = "Band: 95% prediction interval. Upright bars: forecasts. Beyond the rule nothing was measured." + (
        f" {rest} more systems are not drawn." if rest > 0 else ""
    )
    return (Plate((drawing(made),), legend, label=f"{line(made.y)} against {line(made.x)}", note=note),)


def drawing(made: Forecast) -> Drawing:
    """Points, curves with bands, and forecasts, on a logarithmic scale."""
    shown = made.systems[:MOST]
    last = max(float(s.given.x[-1]) for s in shown)
    x = limits([v for s in shown for v in np.log10(s.curve[:, 0])], 0.03)
    seen = [v for s in shown for v in (*s.given.y, *s.curve[:, 1])]
    reach = [v for s in shown for f in s.values for v in (f.low, f.high) if math.isfinite(v)]
    room = 0.6 * (max(seen) - min(seen) or 1.0)
    inside = [min(max(v, min(seen) - room), max(seen) + room) for v in reach]
    y = limits([*seen, *inside], least=1e-9)
    panel = Panel(SIZE, (58, 16, 10, 46), x, y)
    across = [float(v) for v in range(math.ceil(x[0]), math.floor(x[1]) + 1)]
    across = across[:: -(-len(across) // 8)] if len(across) > 1 else ticks(*x, 4)
    up = ticks(*y, 6)
    panel.rules(x=across, y=up)
    panel.rules(x=[math.log10(last)], colour="soft", width=1.2)
    panel.ticks_x(across, [f"{10**v:.3g}" for v in across])
    panel.ticks_y(up, labels(up))
    panel.beside(sum(x) / 2, y[0], short(made.x, 60), (0, -26), ha="center", va="top")
    for i, one in enumerate(shown):
        colour, marker, _ = learner(i)
        places = np.log10(one.curve[:, 0])
        if np.isfinite(one.curve[:, 2:]).any():
            panel.band(places, one.curve[:, 2], one.curve[:, 3], colour, 0.13)
        panel.curve(places, np.clip(one.curve[:, 1], *y), (colour, "none", "-"))
        panel.curve(np.log10(one.given.x), one.given.y, (colour, marker, "none"), size=6)
        at = np.log10(made.at)
        known = [j for j, f in enumerate(one.values) if math.isfinite(f.low) and math.isfinite(f.high)]
        lows, highs = [one.values[j].low for j in known], [one.values[j].high for j in known]
        panel.bars([at[j] for j in known], lows, highs, colour, width=2.4)
    said = f"{line(made.y)} against {line(made.x)} with forecasts at " + ", ".join(f"{a:.3g}" for a in made.at)
    return Drawing("forecast-figure", said, panel.svg(said), "", SIZE[0])
