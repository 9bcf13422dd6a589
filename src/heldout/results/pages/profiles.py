"""Performance profiles at a few thresholds; the figure has them whole."""

import numpy as np

from heldout.report.number import number, places
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison, Profile
from heldout.results.pages.section import Section
from heldout.results.pages.standing import standing

MOST, SHARES = 8, (0.8, 0.6, 0.4, 0.2)


def section(comparison: Comparison) -> Section:
    """The share of runs above a few thresholds."""
    shown = leading(comparison)
    if not shown:
        return Section("profiles", "Performance profiles")
    said = [
        "The share of runs (of tasks, where no run is repeated) that score above a threshold: a system whose profile lies above another's everywhere is better whatever the aggregate."
    ]
    if len(shown) < len(comparison.profiles):
        said.append(f"Shown: the first {len(shown)} systems by the mean.")
    return Section("profiles", "Performance profiles", tuple(said), (_table(shown),))


def leading(comparison: Comparison, most: int = MOST) -> tuple[Profile, ...]:
    """Profiles of the first systems by the mean."""
    found = {p.system: p for p in comparison.profiles}
    return tuple(
        found[s.system] for s in standing(comparison) if s.system in found and len(found[s.system].thresholds)
    )[:most]


def _table(shown: tuple[Profile, ...]) -> Table:
    at = shown[0].thresholds
    marks = _apart(shown)
    decimals = places(*(float(at[i]) for i in marks))
    rows = []
    for p in shown:
        cells = [_cell(p, int(np.searchsorted(p.thresholds, at[i]))) for i in marks]
        rows.append(Row(line(p.system), tuple(cells)))
    heads = tuple(f"above {number(float(at[i]), decimals)}" for i in marks)
    return Table("Performance profiles", "share", heads, tuple(rows), 2, caption="Share and 95% band")


def _apart(shown: tuple[Profile, ...]) -> list[int]:
    """Thresholds that about so many of all runs exceed."""
    mean = np.nanmean(np.stack([np.interp(shown[0].thresholds, p.thresholds, p.share) for p in shown]), axis=0)
    return sorted({int(np.nanargmin(np.abs(mean - share))) for share in SHARES})


def _cell(p: Profile, i: int) -> Cell | None:
    return Cell(float(p.share[i]), float(p.low[i]), float(p.high[i])) if i < len(p.share) else None
