"""Every claim's estimate and interval against its bound, as one picture."""

from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.panel import Panel
from heldout.report.figures.style import SIZE
from heldout.report.strip import Strip, Strips
from heldout.report.text import short

TALL = 44


def forest(strips: Strips) -> Drawing | None:
    """One row per strip; None where there is none."""
    if not strips.rows:
        return None
    size = (640, len(strips.rows) * TALL + 30)
    foot = len(strips.rows) * TALL
    panel = Panel(size, (12, 12, 4, 26), (-1.08, 1.08), (foot, 0))
    panel.rules(x=[0], colour="ink", width=1.2)
    for i, strip in enumerate(strips.rows):
        _row(panel, strip, i * TALL)
    panel.text(-0.02, foot + 14, "← against the claim", "soft", ha="right")
    panel.text(0.02, foot + 14, "for the claim →", "soft", ha="left")
    where = name("forest", *(s.found.statement for s in strips.rows))
    return Drawing(where, strips.caption, panel.svg(strips.caption), "", size[0])


def _row(panel: Panel, strip: Strip, top: float) -> None:
    found, middle, spot = strip.found, top + 12, top + 31
    if strip.band:
        panel.patch((-strip.band, strip.band), (top + 22, top + 40), "soft", 0.25)
    panel.bars([spot], [strip.low], [strip.high], found.verdict, flat=True, width=3)
    panel.curve([strip.at], [spot], (found.verdict, "o", "none"), size=8)
    panel.text(
        -1.08, middle, f"{found.mark} {short(found.name or found.statement, 52)}", "ink", ha="left", fontsize=SIZE
    )
    panel.text(1.08, middle, f"{found.estimate} {found.interval} vs {found.against}", "soft", ha="right")
