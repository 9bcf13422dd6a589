"""Forest plots of ratings: a system per line, its points and its rank with their intervals, its win rate."""

import math
from collections.abc import Mapping, Sequence

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.text import distinct
from heldout.results.comparison import Interval
from heldout.results.pages.relation import Relation
from heldout.results.pages.section import Plate, called
from heldout.results.rated import Rated, RatedRow

MOST, TALL, WIDE, LETTERS = 40, 21, 400, 22
"""Systems that are drawn, pixels of a line and of a plot, and letters of a name."""

MEANING = {"refuted": "weaker", "undecided": "not told apart from it"}


def plates(rated: Rated, standing: Mapping[str, Relation]) -> tuple[Plate, ...]:
    """Points, ranks and win rates side by side, in colours of how systems stand to the leader."""
    rows = rated.systems[:MOST]
    shades = ["supported" if r.system not in standing else standing[r.system].colour for r in rows]
    ranks = [Interval(math.nan, *map(float, r.rank)) for r in rows]
    rates = [Interval(r.win_rate, math.nan, math.nan) for r in rows]
    drawn = (
        _forest(rows, shades, [r.points for r in rows], "points"),
        _forest(rows, shades, ranks, "rank"),
        _forest(rows, shades, rates, "win rate"),
    )
    seen = [c for c in MEANING if c in shades]
    legend = ((called(rows[0].system), "supported", "●"), *((MEANING[c], c, "●") for c in seen))
    note = f"Drawn: the first {MOST} of {len(rated.systems):,} systems." if len(rated.systems) > MOST else ""
    return (Plate(drawn, legend, note=note),)


def _forest(rows: Sequence[RatedRow], shades: Sequence[str], values: Sequence[Interval], said: str) -> Drawing:
    ends = [v for i in values for v in (i.estimate, i.low, i.high) if math.isfinite(v)]
    x = limits(ends, least=0.005 * max((abs(v) for v in ends), default=1.0))
    names = distinct((r.system for r in rows), LETTERS).values()
    left = 16 + 6.6 * max(max(map(len, names), default=0), 8)
    panel = Panel((WIDE, len(rows) * TALL + 30), (left, 14, 4, 26), x, (len(rows), 0))
    panel.ticks_y([i + 0.5 for i in range(len(rows))], list(names), "ink")
    marks = [v for v in ticks(*x, 4) if said != "rank" or (v >= 1 and v == round(v))]
    panel.rules(x=marks)
    panel.ticks_x(marks, labels(marks))
    for i, (value, colour) in enumerate(zip(values, shades, strict=True)):
        if not math.isnan(value.low):
            panel.bars([i + 0.5], [value.low], [value.high], colour, flat=True, width=2.2)
        spots = [value.low, value.high] if said == "rank" else [value.estimate]
        panel.curve(spots, [i + 0.5] * len(spots), (colour, "o", "none"), size=6)
    title = f"{said} of every system" + (" with its 95% interval" if said != "win rate" else "")
    where = name("ratings", said)
    return Drawing(where, said, panel.svg(title), "", WIDE)
