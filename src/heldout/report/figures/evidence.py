"""The evidence of claims: how the estimate and its interval moved look by look, and all of them against their bounds."""

import math
from collections.abc import Iterator

from heldout.core.verdict import Look
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.scale import labels, limits, ticks
from heldout.report.finding import Finding
from heldout.report.text import short


def evidence(found: Finding) -> Drawing | None:
    """Estimate and interval at each look, the bound as a line; None where nothing was looked at."""
    looks = [k for k in found.source.looks if math.isfinite(k.estimate)]
    if not looks:
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
    elif math.isfinite(bound):
        panel.rules(y=[bound], colour="ink", width=1.3)
        panel.text(x[1], bound, f" {found.against}", "ink", 0.92, ha="left")
    at = range(1, len(looks) + 1)
    look = (found.verdict, "o", "none")
    panel.bars(at, [_or(k.low, k.estimate) for k in looks], [_or(k.high, k.estimate) for k in looks], look[0], width=2.4)
    panel.curve(at, [k.estimate for k in looks], look, size=6)
    thin = -(-len(looks) // 10)
    shown = [(i, k.n) for i, k in zip(at, looks, strict=True) if (len(looks) - i) % thin == 0]
    panel.ticks_x([i for i, _ in shown], [f"{n:,}" for _, n in shown])
    panel.text(sum(x) / 2, y[0], f"{found.source.unit}s run", "soft", 0.92, ha="center", va="top", **_below(panel, 22))
    where = name("evidence", found.name, found.statement)
    title = f"Evidence for: {found.name or found.statement}. {found.verdict}, {found.numbers}"
    return Drawing(where, found.statement, panel.svg(where, title), "", size[0])


def _below(panel: Panel, pixels: float) -> dict[str, object]:
    from matplotlib.transforms import ScaledTranslation

    shift = ScaledTranslation(0, -pixels / 72, panel.figure.dpi_scale_trans)
    return {"transform": panel.axes.transData + shift}


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


def forest(found: tuple[Finding, ...]) -> Drawing | None:
    """Every estimate and interval against its bound, right of the line what speaks for the claim."""
    rows = [f for f in _flat(found) if math.isfinite(f.source.estimate) and math.isfinite(f.source.bound)]
    if not rows:
        return None
    spans = [_reach(f) for f in rows]
    alike = max(spans) <= 8 * min(spans)
    tall, size = 44, (640, len(rows) * 44 + 34)
    panel = Panel(size, (12, 12, 4, 30), (-1.08, 1.08), (len(rows) * tall, 0))
    panel.rules(x=[0], colour="ink", width=1.2)
    for i, f in enumerate(rows):
        _forest_row(panel, f, i * tall, max(spans) if alike else spans[i])
    foot = len(rows) * tall
    panel.text(-0.03, foot, "← against the claim", "soft", 0.95, ha="right", va="top", **_below(panel, 8))
    panel.text(0.03, foot, "for the claim →", "soft", 0.95, ha="left", va="top", **_below(panel, 8))
    scale = "one scale" if alike else "each row on its own scale"
    where = name("forest", *(f.name for f in found))
    caption = f"Estimates with their 95% intervals against the bound of each claim ({scale}; claims of `<` are mirrored)"
    return Drawing(where, caption.replace("`", ""), panel.svg(where, caption), "", size[0])


def _flat(found: tuple[Finding, ...]) -> Iterator[Finding]:
    for f in found:
        if f.parts:
            yield from _flat(f.parts)
        else:
            yield f


def _reach(found: Finding) -> float:
    """How far from the bound the row goes."""
    v = found.source
    ends = [abs(e - v.bound) for e in (v.estimate, v.low, v.high) if math.isfinite(e)]
    return max(*ends, (found.margin or 0) * 1.3, 1e-12)


def _forest_row(panel: Panel, found: Finding, top: float, reach: float) -> None:
    v, turn = found.source, -1 if found.side < 0 else 1
    middle, spot = top + 12, top + 31

    def x(value: float) -> float:
        return turn * (value - v.bound) / reach

    low, high = sorted((x(_or(v.low, v.estimate)), x(_or(v.high, v.estimate))))
    if found.margin:
        panel.axes.fill_betweenx([top + 22, top + 40], x(v.bound - found.margin), x(v.bound + found.margin), color="#808080", alpha=0.2, lw=0)  # fmt: skip
    panel.bars([spot], [low], [high], found.verdict, flat=True, width=3)
    panel.curve([x(v.estimate)], [spot], (found.verdict, "o", "none"), size=8)
    panel.text(-1.08, middle, f"{found.mark} {short(found.name or found.statement, 58)}", "ink", 1.0, ha="left")
    panel.text(1.08, middle, f"{found.estimate} {found.interval} vs {found.against}", "soft", 0.95, ha="right")
