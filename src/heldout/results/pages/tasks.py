"""Tasks that decide, that say the same as another, or that say nothing any more."""

from collections import Counter

from heldout.report.number import counted, places
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line, short
from heldout.results.comparison import Comparison, TaskRow
from heldout.results.pages.section import Section

MOST = 60


def section(comparison: Comparison, most: int = MOST) -> Section:
    """Tasks by how much they separate the systems, those with a note first."""
    kinds = Counter(_kind(t) for t in comparison.tasks if t.note)
    rows = sorted(
        comparison.tasks, key=lambda t: (not t.note, kinds[_kind(t)], -t.spread if t.spread == t.spread else 0.0)
    )
    if len(rows) < 2 and not kinds:
        return Section("tasks", "Tasks")
    noted = ", ".join(f"{n:,} {kind}" for kind, n in sorted(kinds.items(), key=lambda item: item[1]))
    said = [f"{counted(len(rows), 'task')}: {noted or 'none stands out'}."]
    if len(rows) > most:
        said.append(
            f"Shown: {most} of {len(rows):,} tasks, those that stand out first, then those that separate systems most."
        )
    return Section("tasks", "Tasks", tuple(said), (_table(rows[:most], comparison),))


def _kind(task: TaskRow) -> str:
    """What a note says without the task that it names."""
    return short(task.note.split(" with ")[0], 40)


def _table(rows: list[TaskRow], comparison: Comparison) -> Table:
    """Tasks by spread, by correlation where any is known, with their notes where any has one."""
    decimals = places(*(t.spread for t in comparison.tasks))
    alike, noted = any(t.correlation == t.correlation for t in rows), any(t.note for t in rows)
    made = []
    for t in rows:
        cells = (Cell(t.spread, decimals=decimals), Cell(t.correlation, decimals=2))
        made.append(Row(line(t.task), cells if alike else cells[:1], notes=(short(t.note, 40),) if noted else ()))
    heads = ("spread", "correlation") if alike else ("spread",)
    said = "Spread: how far it separates the systems" + (
        ". Correlation: with the mean of the other tasks" if alike else ""
    )
    return Table("Tasks", "task", heads, tuple(made), decimals, ("what it does",) if noted else (), caption=said)
