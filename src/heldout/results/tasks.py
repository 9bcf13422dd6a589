"""What each task contributes: how far it separates the systems, whether it agrees with the others, and what it decides."""

import numpy as np

from heldout.results import units
from heldout.results.comparison import TaskRow
from heldout.results.table import Table

REDUNDANT, SATURATED = 0.95, 0.98
"""Rank correlation from which two tasks say the same; share of the best possible score from which a task says nothing."""

LEAST, MANY = 5, 2_000
"""Systems that a rank correlation takes, and tasks beyond which none is worked out: so many are items rather than tasks."""


def tasks(table: Table) -> tuple[TaskRow, ...]:
    """A row for each task, in the table's order; nothing for a single system."""
    means = units.task_means(table)
    if len(means) < 2:
        return ()
    present = ~np.isnan(means)
    number = present.sum(axis=0)
    centre = np.nansum(means, axis=0) / np.maximum(number, 1)
    spread = np.sqrt(np.nansum((means - centre) ** 2, axis=0) / np.maximum(number - 1, 1))
    crossed = correlations(means)
    decisive = winners_without(means)
    most = float(np.nanmax(means))
    best = next((top for top in (1.0, 100.0) if top * 0.5 < most <= top), None) if np.nanmin(means) >= 0 else None
    filled, own_number = np.nan_to_num(means), present.sum(axis=1, keepdims=True)
    left = own_number - present
    rest = np.divide(filled.sum(axis=1, keepdims=True) - filled, left, out=np.full(means.shape, np.nan), where=left > 0)
    rows = []
    for t, task in enumerate(table.tasks):
        own = _spearman(means[:, t], rest[:, t]) if len(table.tasks) <= MANY else float("nan")
        note = _note(means[:, t], best) or _twin(table, crossed, spread, t) or decisive.get(t, "")
        rows.append(TaskRow(task, float(spread[t]), own, note))
    return tuple(rows)


def _note(column: np.ndarray, best: float | None) -> str:
    have = column[~np.isnan(column)]
    if len(have) > 1 and np.ptp(have) == 0:
        return "all systems score the same"
    if best is not None and len(have) > 1 and np.median(have) >= SATURATED * best:
        return "saturated"
    return ""


def _twin(table: Table, crossed: np.ndarray, spread: np.ndarray, t: int) -> str:
    """The task that orders the systems alike, if there is one before this."""
    if not len(crossed):
        return ""
    before = np.flatnonzero((crossed[t, :t] >= REDUNDANT) & (spread[:t] > 0))
    return f"redundant with {table.tasks[before[0]]}" if len(before) else ""


def correlations(means: np.ndarray) -> np.ndarray:
    """Spearman's correlation of every two tasks of a complete (systems, tasks) table; empty for fewer than five systems."""
    if len(means) < LEAST or means.shape[1] > 500 or np.isnan(means).any():
        return np.empty((0, 0))
    ranked = np.stack([_ranks(column) for column in means.T], axis=1)
    ranked = ranked - ranked.mean(axis=0)
    size = np.sqrt((ranked**2).sum(axis=0))
    return (ranked.T @ ranked) / np.maximum(np.outer(size, size), 1e-300)


def winners_without(means: np.ndarray) -> dict[int, str]:
    """Tasks without which another system has the highest mean over the tasks that it has."""
    present, filled = ~np.isnan(means), np.nan_to_num(means)
    total, number = filled.sum(axis=1), present.sum(axis=1)
    if means.shape[1] < 2:
        return {}
    with np.errstate(all="ignore"):
        whole = total / number
        without = (total[:, None] - filled) / (number[:, None] - present)
    whole, without = np.nan_to_num(whole, nan=-np.inf), np.nan_to_num(without, nan=-np.inf, posinf=-np.inf)
    winner = int(whole.argmax())
    ahead = without.max(axis=0) > without[winner] + 1e-12 * np.abs(without[winner])
    return {int(t): "decides the winner" for t in np.flatnonzero(ahead)}


def _spearman(a: np.ndarray, b: np.ndarray) -> float:
    have = ~np.isnan(a) & ~np.isnan(b)
    if have.sum() < 3 or np.ptp(a[have]) == 0 or np.ptp(b[have]) == 0:
        return float("nan")
    return float(np.corrcoef(_ranks(a[have]), _ranks(b[have]))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, tied = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(tied) - (tied - 1) / 2)[place]
