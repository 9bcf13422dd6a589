"""Forest plots: a system per line, its estimate with its interval."""

import math
from collections.abc import Mapping, Sequence

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.text import distinct, short
from heldout.results.comparison import Comparison, Interval, SystemRow
from heldout.results.pages.aggregates import NAMES, of, repeated
from heldout.results.pages.answer import answer
from heldout.results.pages.relation import others, relation
from heldout.results.pages.standing import rank, standing

MOST, TALL, WIDE, LETTERS = 24, 21, 400, 22
"""Systems that are drawn, pixels of a line and of a plot, and letters of a name."""


def forests(comparison: Comparison) -> tuple[Drawing, ...]:
    """One plot per aggregate, one of the win rates and one of the ranks, the systems in the same order in all."""
    rows = standing(comparison)[:MOST]
    shades, same = colours(comparison), repeated(comparison)
    drawn = [
        _forest(rows, shades, [of(row, key) for row in rows], said) for key, said in NAMES.items() if key not in same
    ]
    if len(comparison.systems) > 1:
        drawn.append(_forest(rows, shades, [row.win_rate for row in rows], "win rate"))
        drawn.append(_ranks(rows, shades))
    return tuple(drawn)


def colours(comparison: Comparison) -> Mapping[str, str]:
    """The leader's and what could not be told apart from it stand out."""
    leader = answer(comparison).leader
    found = {other: relation(pair, other).colour for other, pair in others(comparison, leader)}
    return {s.system: "supported" if s.system == leader else found.get(s.system, "soft") for s in comparison.systems}


def _forest(rows: Sequence[SystemRow], shades: Mapping[str, str], values: Sequence[Interval], said: str) -> Drawing:
    ends = [v for i in values for v in (i.estimate, i.low, i.high) if math.isfinite(v)]
    x = limits(ends, least=0.005 * max((abs(v) for v in ends), default=1.0))
    panel = _panel(rows, x)
    marks = ticks(*x, 4)
    panel.rules(x=marks)
    panel.ticks_x(marks, labels(marks))
    for i, (row, value) in enumerate(zip(rows, values, strict=True)):
        colour = shades[row.system]
        if not (math.isnan(value.low) or math.isnan(value.high)):
            panel.bars([i + 0.5], [value.low], [value.high], colour, flat=True, width=2.2)
        if math.isfinite(value.estimate):
            panel.curve([value.estimate], [i + 0.5], (colour, "o", "none"), size=6)
    title = f"{said} of every system with its 95% interval"
    where = name("forest", said)
    return Drawing(where, said, panel.svg(title), "", WIDE)


def _ranks(rows: Sequence[SystemRow], shades: Mapping[str, str]) -> Drawing:
    """The interval of every system's rank."""
    last = max(row.rank[1] for row in rows)
    panel = _panel(rows, (0.6, last + 0.4))
    shown = list(range(1, last + 1)) if last <= 12 else [1, *(v for v in ticks(1, last, 6) if v > last / 12)]
    panel.rules(x=shown)
    panel.ticks_x(shown, labels(shown))
    for i, row in enumerate(rows):
        colour = shades[row.system]
        panel.bars([i + 0.5], [row.rank[0]], [row.rank[1]], colour, flat=True, width=4.5)
        panel.curve(row.rank, [i + 0.5] * 2, (colour, "o", "none"), size=6)
    title = "Ranks: " + "; ".join(f"{short(r.system, 24)} {rank(r)}" for r in rows)
    return Drawing("forest-rank", "rank", panel.svg(title), "", WIDE)


def _panel(rows: Sequence[SystemRow], x: tuple[float, float]) -> Panel:
    """An empty plot with the systems' names."""
    names = distinct((r.system for r in rows), LETTERS).values()
    left = 16 + 6.6 * max(max(map(len, names), default=0), 8)
    panel = Panel((WIDE, len(rows) * TALL + 30), (left, 14, 4, 26), x, (len(rows), 0))
    panel.ticks_y([i + 0.5 for i in range(len(rows))], list(names), "ink")
    return panel
