"""Aggregate scores of every system with their intervals."""

from collections import Counter

from heldout.report.number import counted, number, places
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison, Interval, SystemRow
from heldout.results.pages.section import Section, listed
from heldout.results.pages.standing import decimals, rank, standing

NAMES = {"iqm": "IQM", "mean": "mean", "median": "median", "optimality_gap": "optimality gap"}
MOST = 200


def section(comparison: Comparison, most: int = MOST) -> Section:
    """One table: systems by aggregates."""
    said = [
        "IQM: the mean of the middle half of the scores. Optimality gap: the mean shortfall from "
        f"{comparison.target:g}, what lies above it not counting; lower is better.",
        "Win rate: how often it beats another system on a task. Rank: what the verdicts on all pairs together allow.",
    ]
    if repeated(comparison):
        said.append("With one score per system IQM, mean and median are the same.")
    if len(comparison.systems) > most:
        said.append(f"Shown: the first {most} of {len(comparison.systems):,} systems by the mean; --json has them all.")
    return Section("aggregates", "Aggregate scores", tuple(said), (table(comparison, most),))


def of(row: SystemRow, name: str) -> Interval:
    """One aggregate of a system, by its name in JSON."""
    return {"iqm": row.iqm, "mean": row.mean, "median": row.median, "optimality_gap": row.optimality_gap}[name]


def table(comparison: Comparison, most: int = MOST) -> Table:
    """Systems by aggregates; win rate and rank, and counts where they differ, behind."""
    rows = standing(comparison)
    uneven = len({(s.runs, s.tasks, s.coverage) for s in rows}) > 1
    notes = ("win rate", "rank", *(("from",) if uneven else ()))
    shared = decimals(comparison)
    names = {key: said for key, said in NAMES.items() if key not in repeated(comparison)}
    made = []
    for row in rows[:most]:
        cells = [_cell(of(row, name), shared if name != "optimality_gap" else None) for name in names]
        told = [number(row.win_rate.estimate, 2), rank(row), *([_from(row)] if uneven else [])]
        made.append(Row(line(row.system), tuple(cells), notes=tuple(told)))
    caption = f"Estimate and 95% interval{_counts(rows)}"
    return Table(
        "Aggregate scores", "system", tuple(names.values()), tuple(made), gap(comparison), notes, caption=caption
    )


def _counts(rows: tuple[SystemRow, ...]) -> str:
    """What the systems' scores are from: what most of them have, and who has something else."""
    told = {row.system: _from(row) for row in rows}
    if not told:
        return ""
    usual, often = Counter(told.values()).most_common(1)[0]
    if often == len(rows):
        return f", {usual} each"
    return f", {usual}; other numbers of {listed(s for s, text in told.items() if text != usual)}"


def repeated(comparison: Comparison) -> tuple[str, ...]:
    """IQM and median where they say the same as the mean of every system: with one task there is nothing to leave out."""
    same = all(repr(s.iqm) == repr(s.mean) == repr(s.median) for s in comparison.systems)
    return ("iqm", "median") if same else ()


def gap(comparison: Comparison) -> int:
    """Decimals of the optimality gap, which has a scale of its own where scores are not normalised."""
    return places(*(s.optimality_gap.estimate for s in comparison.systems))


def _cell(value: Interval, decimals: int | None) -> Cell:
    return Cell(value.estimate, value.low, value.high, decimals=decimals)


def _from(row: SystemRow) -> str:
    missing = f" ({row.coverage:.0%} of them)" if row.coverage < 1 else ""
    return f"{counted(row.tasks, 'task')}{missing}, {counted(row.runs, 'run')}"
