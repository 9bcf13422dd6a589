"""How the worst-off fare: the worst group, and the mean over the worst share of groups."""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.gaps.matrix import matrix
from heldout.stats.sample import sample


def worst_group(scores: Any) -> np.ndarray:
    """The lowest score of each unit over groups (Sagawa et al., 2020): (units,) from (units, groups).

    The lowest of several noisy scores is too low by luck: with no difference between k groups it lies below their common
    score, the more so the smaller they are. `honest_worst` has no such bias.
    """
    return matrix(scores, "the group scores").min(axis=1)


def honest_worst(scores: Any) -> np.ndarray:
    """Each unit's score on the group that is worst on the mean of all other units: (units,) from (units, groups).

    Whatever makes a group look bad by luck in the choice is not in the score, as units are independent: what is estimated is
    the score of a group chosen by n - 1 units, which on average is not below that of the truly worst group. The numbers are
    not quite independent, as each unit takes part in the choices of the others.
    """
    table = matrix(scores, "the group scores", rows=2)
    others = table.sum(axis=0) - table
    return table[np.arange(len(table)), others.argmin(axis=1)]


def cvar(scores: Any, share: float, sizes: Any = None) -> np.ndarray:
    """The mean score over the worst `share` of the groups, CVaR (Rockafellar and Uryasev, 2000): (units,).

    `scores`: (units, groups). `sizes`: (groups,) how much each group counts, equally where None. A group that lies across the
    border counts with the part inside. `share` 1 is the mean; a share of the worst group or less is the worst group.
    """
    table = matrix(scores, "the group scores")
    if not 0.0 < share <= 1.0:
        raise HeldoutError(f"the worst {share:g} of the groups: give a share above 0 and at most 1")
    size = np.ones(table.shape[1]) if sizes is None else sample(sizes, "the group sizes")
    if len(size) != table.shape[1] or (size < 0).any() or not size.sum() > 0:
        raise HeldoutError(f"{len(size)} group sizes for {table.shape[1]} groups: give one non-negative size for each")
    order = np.argsort(table, axis=1, kind="stable")
    ordered, counted = np.take_along_axis(table, order, axis=1), (size / size.sum())[order]
    inside = np.clip(share - (np.cumsum(counted, axis=1) - counted), 0.0, counted)
    return (ordered * inside).sum(axis=1) / inside.sum(axis=1)
