"""The units on which systems are compared: items, seeds of a task, or whole tasks."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from heldout.results.table import Items, Table
from heldout.stats import aggregate

Unit = Literal["item", "seed", "task"]


@dataclass(frozen=True, eq=False)
class Units:
    """Outcomes that all systems share a unit of, task after task.

    `values`: (systems, units), NaN where a system lacks the unit. `task`: (units,) ascending codes; tasks weigh the same
    and share their weight among their units. `cluster`: (units,) codes of what moves together, ascending within a task.
    """

    values: np.ndarray
    task: np.ndarray
    unit: Unit
    cluster: np.ndarray | None = None

    @property
    def complete(self) -> bool:
        """Whether no system lacks a unit."""
        return not bool(np.isnan(self.values).any())


def of_tasks(table: Table) -> Units:
    """Every task a unit, by its mean: what is found is about tasks like these."""
    means = task_means(table)
    return Units(means, np.zeros(means.shape[1], dtype=int), "task")


def task_means(table: Table) -> np.ndarray:
    """(systems, tasks) means over runs or items, NaN where a system lacks the task."""
    if table.items is None:
        return aggregate.task_means(table.scores)
    starts, values = _starts(table.items.task), table.items.values
    if not (np.diff(table.items.task) >= 0).all():
        order = np.argsort(table.items.task, kind="stable")
        starts, values = _starts(table.items.task[order]), values[:, order]
    means = np.full((len(values), len(table.tasks)), np.nan)
    present = ~np.isnan(values)
    if present.all():
        number, total = np.diff(starts, append=values.shape[1]), np.add.reduceat(values, starts, axis=1)
    else:
        number = np.add.reduceat(present, starts, axis=1, dtype=np.int64)
        total = np.add.reduceat(np.where(present, values, 0.0), starts, axis=1)
    codes = np.sort(table.items.task)[starts]
    means[:, codes] = np.where(number > 0, total / np.maximum(number, 1), np.nan)
    return means


def of_items(items: Items, *, nested: bool = False) -> Units:
    """Every item a unit; what a cluster column ties together stays together.

    Where clusters reach over several tasks all items are one sample, since clusters and not tasks are then independent;
    unless `nested`, which cuts clusters at the borders of tasks.
    """
    task, cluster = np.asarray(items.task), items.cluster
    if cluster is not None:
        cluster = np.asarray(cluster)
        if not nested and _spans(task, cluster):
            task = np.zeros(len(task), dtype=int)
    moved = np.lexsort((cluster, task)) if cluster is not None else np.argsort(task, kind="stable")
    if (moved == np.arange(len(moved))).all():
        return Units(items.values, task, "item", cluster)
    return Units(items.values[:, moved], task[moved], "item", None if cluster is None else cluster[moved])


def of_seeds(table: Table) -> Units:
    """Every seed of a task a unit: runs of equal number share their seed."""
    systems, runs, tasks = table.scores.shape
    if table.trained is not None:  # one run, one unit, however many tasks it is asked about
        groups = [table.trained == k for k in range(int(table.trained.max()) + 1)]
        parts = [table.scores[:, :, g].mean(axis=2) * len(groups) * g.sum() / tasks for g in groups]
        values, task = np.concatenate(parts, axis=1), np.repeat(np.arange(len(groups)), runs)
        some = ~np.isnan(values).all(axis=0)
        return Units(values[:, some], task[some], "seed")
    values = table.scores.transpose(0, 2, 1).reshape(systems, tasks * runs)
    some = ~np.isnan(values).all(axis=0)
    return Units(values[:, some], np.repeat(np.arange(tasks), runs)[some], "seed")


def _spans(task: np.ndarray, cluster: np.ndarray) -> bool:
    """Whether any cluster has items of two tasks."""
    both = np.unique(np.stack([cluster, task]), axis=1)
    return len(np.unique(both[0])) < both.shape[1]


def _starts(codes: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.diff(codes, prepend=codes[0] - 1))
