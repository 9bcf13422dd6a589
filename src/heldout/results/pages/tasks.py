"""Tasks that decide, that say the same as another, or that say nothing any more."""

from dataclasses import replace

from heldout.report.number import counted, places
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line, short
from heldout.results.comparison import Comparison, TaskRow
from heldout.results.pages.section import Section

MOST = 60


def section(comparison: Comparison, most: int = MOST) -> Section:
    """Tasks by how much they separate the systems, those with a note first."""
    rows = sorted(comparison.tasks, key=lambda t: (not t.note, -t.spread if t.spread == t.spread else 0.0))
    if len(rows) < 2 and not any(t.note for t in rows):
        return Section("tasks", "Tasks")
    noted = sum(bool(t.note) for t in rows)
    said = [
        f"{counted(noted, 'task')} of {len(rows):,} stand out."
        if noted
        else f"None of the {len(rows):,} tasks stands out."
    ]
    if len(rows) > most:
        said.append(
            f"Shown: {most} of {len(rows):,} tasks, those that stand out first, then those that separate systems most."
        )
    return Section("tasks", "Tasks", tuple(said), (_table(rows[:most], comparison),))


def _table(rows: list[TaskRow], comparison: Comparison) -> Table:
    decimals = places(*(t.spread for t in comparison.tasks))
    made = tuple(
        Row(
            line(t.task),
            (Cell(t.spread, decimals=decimals), Cell(t.correlation, decimals=2)),
            notes=(short(t.note, 40),),
        )
        for t in rows
    )
    table = Table(
        "Tasks",
        "task",
        ("spread", "correlation"),
        made,
        decimals,
        ("what it does",),
        caption="Spread: how far it separates the systems. Correlation: with the mean of the other tasks",
    )
    return (
        table if any(t.note for t in rows) else replace(table, notes=(), rows=tuple(replace(r, notes=()) for r in made))
    )
