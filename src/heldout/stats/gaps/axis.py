"""The gap along an axis, and its slope over ordered levels."""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats import means
from heldout.stats.finding import Finding
from heldout.stats.gaps.matrix import matrix, rising
from heldout.stats.sample import sample


def gaps(iid: Any, scores: Any) -> np.ndarray:
    """What each unit loses on an axis: its iid score minus the mean over levels. `iid`: (units,); scores: (units, levels)."""
    home, table = sample(iid, "the iid scores"), matrix(scores, "the scores on the axis")
    if len(home) != len(table):
        raise HeldoutError(f"{len(home)} iid scores and {len(table)} rows of scores: join them on their unit first")
    return home - table.mean(axis=1)


def slopes(scores: Any, levels: Any) -> np.ndarray:
    """The least-squares change of each unit's score per unit of level: (units,) from (units, levels)."""
    table = matrix(scores, "the scores on the axis", columns=2)
    return (table - table[:, :1]) @ weights(levels, table.shape[1])  # less the first: a flat row is 0 without rounding


def weights(levels: Any, columns: int) -> np.ndarray:
    """(levels,) weights whose product with scores is the least-squares slope; they sum to 0."""
    off = rising(levels, columns)
    off = off - off.mean()
    return off / float(off @ off)


def gap(iid: Any, scores: Any, alpha: float = 0.05) -> Finding:
    """The mean gap over units, with Student's interval and test against no gap. Units are paired with themselves."""
    return means.paired(gaps(iid, scores), alpha=alpha)


def slope(scores: Any, levels: Any, alpha: float = 0.05) -> Finding:
    """The mean slope over units, with Student's interval and test against a flat axis.

    A unit's own errors about its line do not matter: units vary as they do, and only their slopes are averaged.
    """
    return means.paired(slopes(scores, levels), alpha=alpha)
