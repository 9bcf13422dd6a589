"""Two-level aggregation: a vote within each group of tasks, then a vote of the groups."""

from collections.abc import Sequence

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import ballots
from heldout.stats.voting.points import Rule, rounded


def two_level(
    rule: Rule, scores: np.ndarray, groups: Sequence[str | int], weights: np.ndarray | None = None
) -> np.ndarray:
    """Points of a rule applied to the points that it gives within each group; every group weighs the same.

    `groups`: (tasks,) labels. With Borda and items in place of tasks this is the two-level Borda count of Colombo et
    al. (2022): instances vote within their task, tasks vote on the result. Systems without a task of a group miss that
    group's ballot.
    """
    return rule(by_group(rule, scores, groups, weights), None)


def by_group(
    rule: Rule, scores: np.ndarray, groups: Sequence[str | int], weights: np.ndarray | None = None
) -> np.ndarray:
    """Points within each group: (systems, groups), groups in the order of their labels."""
    scores, weights = ballots(scores, weights)
    labels = np.asarray(groups)
    if labels.shape != weights.shape:
        raise HeldoutError(f"{labels.size} group labels for {weights.size} tasks: give one label per task")
    columns = [rule(scores[:, labels == one], weights[labels == one]) for one in np.unique(labels)]
    missing = [np.isnan(scores[:, labels == one]).all(axis=1) for one in np.unique(labels)]
    return np.where(np.stack(missing, axis=1), np.nan, rounded(np.stack(columns, axis=1)))
