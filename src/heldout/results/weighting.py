"""Conditional winners: how the tasks would have to be weighed for a system to have the highest mean."""

import math
from collections.abc import Sequence

import numpy as np

from heldout.results.comparison import Condition

SYSTEMS, TASKS = 12, 500
"""Systems, the first by the mean, and tasks up to which weights are worked out."""


def conditions(tasks: Sequence[str], means: np.ndarray) -> list[Condition | None]:
    """Of each system, on the tasks that all have; None where that is not worked out, as for the rest of many systems."""
    found: list[Condition | None] = [None] * len(means)
    shared = np.flatnonzero(~np.isnan(means).any(axis=0))
    if len(means) < 2 or not 2 <= len(shared) <= TASKS:
        return found
    from heldout.stats.voting.conditional import condition  # its linear programmes take a moment to import
    from heldout.stats.voting.scoring import arithmetic

    cells = means[:, shared]
    uniform = 1 / len(shared)
    for i in np.argsort(-cells.mean(axis=1), kind="stable")[:SYSTEMS].tolist():
        one = condition(arithmetic, cells, i)
        if one.nearest is None:
            found[i] = Condition(possible=False, moved=math.nan)
            continue
        changed = np.flatnonzero(np.abs(one.nearest - uniform) > 1e-9)
        by_gain = changed[np.argsort(-one.nearest[changed], kind="stable")]
        weights = tuple((tasks[int(shared[t])], float(one.nearest[t])) for t in by_gain)
        found[i] = Condition(one.possible, max(float(one.moved), 0.0), weights)
    return found
