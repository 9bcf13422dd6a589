"""What a learner keeps of earlier tasks while it learns later ones.

Everything is computed from an accuracy matrix: row i holds the scores on all tasks after stage i, in which task i was learnt.
Leading axes (seeds) are kept.
"""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import sample


def average(scores: Any) -> np.ndarray:
    """The mean score over all tasks after the last stage: (...,) from (..., stages, tasks)."""
    return _square(scores)[..., -1, :].mean(axis=-1)


def backward_transfer(scores: Any) -> np.ndarray:
    """What later stages did to a task, against right after it was learnt (Lopez-Paz and Ranzato, 2017); negative: forgotten.

    The mean over all tasks but the last of final score minus score at its own stage: (...,).
    """
    table = _square(scores)
    return (table[..., -1, :-1] - _own(table)[..., :-1]).mean(axis=-1)


def forward_transfer(scores: Any, untrained: Any) -> np.ndarray:
    """What earlier stages did for a task before it was learnt (Lopez-Paz and Ranzato, 2017): (...,).

    `untrained`: (tasks,) scores of an untrained model.
    """
    table = _square(scores)
    start = sample(untrained, "the scores of an untrained model")
    if len(start) != table.shape[-1]:
        raise HeldoutError(f"{len(start)} untrained scores for {table.shape[-1]} tasks: give one for each task")
    before = np.diagonal(table, offset=1, axis1=-2, axis2=-1)
    return (before - start[1:]).mean(axis=-1)


def forgetting(scores: Any) -> np.ndarray:
    """Per task but the last, its best score at any stage before the last minus its final one: (..., tasks - 1).

    Chaudhry et al. (2018) average these; negative where the last stage brought the best. The best of several noisy scores is
    too high by luck, and so is forgetting: with no change at all it is positive on average.
    """
    table = _square(scores)
    return table[..., :-1, :-1].max(axis=-2) - table[..., -1, :-1]


def average_forgetting(scores: Any) -> np.ndarray:
    """The mean of `forgetting` over tasks: (...,)."""
    return forgetting(scores).mean(axis=-1)


def maximum_forgetting(scores: Any) -> np.ndarray:
    """The most that any one task lost: (...,)."""
    return forgetting(scores).max(axis=-1)


def minimum_accuracy(curves: Any, learnt: Any) -> np.ndarray:
    """The mean over earlier tasks of the lowest score since each was learnt, min-ACC (De Lange et al., 2023): (...,).

    `curves`: (..., steps, tasks) scores at every evaluation; `learnt`: (tasks,) the index of the evaluation at which the
    learning of each task ended, rising. The task learnt last is not among the earlier ones.
    """
    table, ends = _curves(curves, learnt)
    lows = [table[..., end + 1 :, task].min(axis=-1) for task, end in enumerate(ends[:-1])]
    return np.stack(lows, axis=-1).mean(axis=-1)


def worst_case_accuracy(curves: Any, learnt: Any) -> np.ndarray:
    """The current task's final score and `minimum_accuracy`, tasks weighing alike, WC-ACC (De Lange et al., 2023): (...,)."""
    table, ends = _curves(curves, learnt)
    k = len(ends)
    return table[..., -1, k - 1] / k + (1 - 1 / k) * minimum_accuracy(table, ends)


def _own(table: np.ndarray) -> np.ndarray:
    return np.diagonal(table, axis1=-2, axis2=-1)


def _square(scores: Any) -> np.ndarray:
    table = _finite(scores)
    if table.shape[-1] != table.shape[-2] or table.shape[-1] < 2:
        raise HeldoutError(
            f"accuracies have shape {table.shape}: give stages x tasks, as many of one as of the other, >= 2"
        )
    return table


def _curves(curves: Any, learnt: Any) -> tuple[np.ndarray, list[int]]:
    table, ends = _finite(curves), [int(e) for e in np.asarray(learnt).reshape(-1)]
    steps, tasks = table.shape[-2:]
    rising = all(a < b for a, b in zip(ends, ends[1:], strict=False))
    if len(ends) != tasks or tasks < 2 or not rising or not 0 <= ends[0] <= ends[-1] < steps:
        raise HeldoutError(
            f"{tasks} tasks over {steps} evaluations, learnt at {ends}: give one rising evaluation index per task, at least two"
        )
    return table, ends


def _finite(scores: Any) -> np.ndarray:
    table = np.asarray(scores, dtype=float)
    if table.ndim < 2 or not np.isfinite(table).all():
        raise HeldoutError(f"accuracies of shape {table.shape} must be finite numbers, (..., stages, tasks)")
    return table
