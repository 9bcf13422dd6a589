"""The evidence of a claim: how its estimate and interval moved look by look."""

import math

from heldout.core.verdict import Look
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.finding import Finding


def evidence(found: Finding) -> Drawing | None:
    """Estimate and interval at each look, the bound as a line; None where nothing was looked at."""
    looks = [k for k in found.source.looks if math.isfinite(k.estimate)]
    if not looks or (len(looks) == 1 and looks[0].low == looks[0].high):  # a closed form has no course
        return None
    size = (340, 190)
    y, bound = _window(looks, found), found.source.bound
    x = (0.4, len(looks) + 0.6)
    panel = Panel(size, (48, 44, 12, 40), x, y)
    marks = ticks(*y)
    panel.rules(y=marks)
    panel.ticks_y(marks, labels(marks))
    if found.margin and math.isfinite(bound):
        panel.band(x, [bound - found.margin] * 2, [bound + found.margin] * 2, "soft", 0.2)
    if math.isfinite(bound):
        panel.rules(y=[bound], colour="ink", width=1.3)
        panel.beside(x[1], bound, f"{bound:g}", (5, 0), "ink", ha="left", va="center")
    at = range(1, len(looks) + 1)
    look = (found.verdict, "o", "none")
    panel.bars(
        at, [_or(k.low, k.estimate) for k in looks], [_or(k.high, k.estimate) for k in looks], look[0], width=2.4
    )
    panel.curve(at, [k.estimate for k in looks], look, size=6)
    thin = -(-len(looks) // 10)
    shown = [(i, k.n) for i, k in zip(at, looks, strict=True) if (len(looks) - i) % thin == 0]
    panel.ticks_x([i for i, _ in shown], [f"{n:,}" for _, n in shown])
    panel.beside(sum(x) / 2, y[0], f"{found.source.unit}s run", (0, -22), ha="center", va="top")
    where = name("evidence", found.name, found.statement)
    title = f"Evidence for: {found.name or found.statement}. {found.verdict}, {found.numbers}"
    return Drawing(where, found.statement, panel.svg(title), "", size[0])


def _or(value: float, other: float) -> float:
    """The value, or the other where it is nan; infinities are cut at the edge."""
    return other if math.isnan(value) else value


def _window(looks: list[Look], found: Finding) -> tuple[float, float]:
    """What the later looks and the bound need; early intervals may be cut so that the last can be read."""
    last = looks[-1]
    wide = [v for v in (last.low, last.high) if math.isfinite(v)]
    reach = 2.5 * (max(wide) - min(wide)) if len(wide) == 2 else math.inf
    ends = [v for k in looks for v in (k.low, k.high) if math.isfinite(v)]
    kept = [min(max(v, last.estimate - reach), last.estimate + reach) for v in ends]
    bound = found.source.bound
    around = [bound - (found.margin or 0) * 1.15, bound + (found.margin or 0) * 1.15]
    return limits([*kept, *(k.estimate for k in looks), *around], 0.08)
