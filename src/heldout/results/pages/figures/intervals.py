"""Forest plots: a system per line, its estimate with its interval."""

from collections.abc import Mapping, Sequence

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.text import short
from heldout.results.comparison import Comparison, Interval, SystemRow
from heldout.results.pages.aggregates import NAMES, of
from heldout.results.pages.answer import answer
from heldout.results.pages.relation import others, relation
from heldout.results.pages.standing import rank, standing

MOST, TALL, LEFT = 40, 21, 116
"""Systems that are drawn, pixels of a line, and room for names."""


def forests(comparison: Comparison) -> tuple[Drawing, ...]:
    """One plot per aggregate, the systems in the same order in all."""
    rows = standing(comparison)[:MOST]
    colours = _colours(comparison)
    return tuple(_forest(rows, colours, key, said) for key, said in NAMES.items())


def ranks(comparison: Comparison) -> Drawing | None:
    """The interval of every system's rank."""
    rows = standing(comparison)[:MOST]
    if len(rows) < 2:
        return None
    colours, last = _colours(comparison), len(comparison.systems)
    panel = _panel(rows, (0.6, max(r.rank[1] for r in rows) + 0.4), 460)
    every = range(1, max(r.rank[1] for r in rows) + 1)
    shown = [i for i in every if len(every) <= 16 or i == 1 or i % 5 == 0]
    panel.rules(x=shown)
    panel.ticks_x(shown, [str(i) for i in shown])
    for i, row in enumerate(rows):
        low, high = row.rank
        colour = colours[row.system]
        panel.bars([i + 0.5], [low], [high], colour, flat=True, width=5)
        panel.curve([low, high], [i + 0.5] * 2, (colour, "o", "none"), size=7)
    title = "Ranks by the mean: " + "; ".join(f"{short(r.system, 24)} {rank(r)}" for r in rows)
    return Drawing("ranks", f"Rank by the mean among {last}", panel.svg("ranks", title), "", panel.size[0])


def _colours(comparison: Comparison) -> Mapping[str, str]:
    """The leader's and what could not be told apart from it stand out."""
    leader = answer(comparison).leader
    found = {other: relation(pair, other).colour for other, pair in others(comparison, leader)}
    return {s.system: "supported" if s.system == leader else found.get(s.system, "soft") for s in comparison.systems}


def _forest(rows: Sequence[SystemRow], colours: Mapping[str, str], key: str, said: str) -> Drawing:
    values: list[Interval] = [of(row, key) for row in rows]
    x = limits((v for i in values for v in (i.estimate, i.low, i.high)), least=1e-6)
    panel = _panel(rows, x, 300)
    marks = ticks(*x, 4)
    panel.rules(x=marks)
    panel.ticks_x(marks, labels(marks))
    for i, (row, value) in enumerate(zip(rows, values, strict=True)):
        colour = colours[row.system]
        if value.low == value.low and value.high == value.high:
            panel.bars([i + 0.5], [value.low], [value.high], colour, flat=True, width=2.2)
        panel.curve([value.estimate], [i + 0.5], (colour, "o", "none"), size=6)
    where = name("forest", key)
    title = f"{said} of every system with its 95% interval"
    return Drawing(where, said, panel.svg(where, title), "", panel.size[0])


def _panel(rows: Sequence[SystemRow], x: tuple[float, float], wide: float) -> Panel:
    """An empty plot with the systems' names."""
    panel = Panel((wide, len(rows) * TALL + 30), (LEFT, 14, 4, 26), x, (len(rows), 0))
    panel.ticks_y([i + 0.5 for i in range(len(rows))], [short(r.system, 17) for r in rows], "ink")
    return panel
