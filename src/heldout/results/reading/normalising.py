"""Scores of every task brought to one scale: min-max, or a reference's low and high."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import shown
from heldout.results.table import Table

LOW = ("low", "random", "min", "chance", "baseline")
HIGH = ("high", "human", "max", "expert", "reference", "best")


def turned(table: Table) -> Table:
    """Scores with their sign turned, for measures of which less is better."""
    items = None if table.items is None else replace(table.items, values=-table.items.values)
    return replace(table, scores=-table.scores, items=items, turned=not table.turned)


def min_max(table: Table) -> Table:
    """Every task from 0 (its lowest score in the table) to 1 (its highest); a task whose scores are all equal becomes 0.5."""
    values = table.scores.reshape(-1, len(table.tasks)) if table.items is None else table.items.values
    task = np.arange(len(table.tasks)) if table.items is None else table.items.task
    low, high = np.full(len(table.tasks), np.inf), np.full(len(table.tasks), -np.inf)
    for row in values:
        np.fmin.at(low, task, row)
        np.fmax.at(high, task, row)
    even = [t for t, a, b in zip(table.tasks, low, high, strict=True) if not a < b]
    said = (f"all scores are equal on {shown(even)}: set to 0.5 in min-max",) if even else ()
    flat = ~(low < high)
    low, width = np.where(flat, low - 0.5, low), np.where(flat, 1.0, high - low)
    return replace(_scaled(table, low, width), warnings=table.warnings + said)


def by_reference(table: Table, references: Mapping[str, tuple[float, float]], name: str) -> Table:
    """Every task from 0 at its reference's low to 1 at its high."""
    lacking = [t for t in table.tasks if t not in references]
    if lacking:
        raise HeldoutError(f"{name}: no reference for {shown(lacking)}: add a row each with task, low and high")
    low, high = np.array([references[t] for t in table.tasks]).T
    if (low == high).any() or not np.isfinite(low + high).all():
        task = table.tasks[int(np.argmax((low == high) | ~np.isfinite(low + high)))]
        raise HeldoutError(f"{name}: low and high of {task!r} must be two different numbers")
    return _scaled(table, low, high - low)


def _scaled(table: Table, low: np.ndarray, width: np.ndarray) -> Table:
    items = table.items
    if items is not None:
        items = replace(items, values=(items.values - low[items.task]) / width[items.task])
    return replace(table, scores=(table.scores - low) / width, items=items)
