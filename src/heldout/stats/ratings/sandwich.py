"""Standard errors that hold though the model does not: battles differ more, or less, than it says, or move together.

The inverse information around the sum of squared scores (Huber, 1967; White, 1982). With clusters (the votes of one
voter, the answers to one prompt) scores are summed within each before they are squared, times C / (C - 1). Pairs that took
a prior, for one side won all their battles, show no spread: there the model's own stands in.
"""

from typing import Any

import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import outcomes
from heldout.stats.ratings.bradley_terry import Fit
from heldout.stats.ratings.indicator import diagonal, indicator


def covariance(fit: Fit, *, clustered: bool | None = None) -> np.ndarray:
    """(parameters, parameters) covariance of strengths, order and tie.

    `clustered`: by the clusters that the counts were made with; None: where there are any.
    """
    return fit.model @ meat(fit, clustered=clustered) @ fit.model


def clusters(fit: Fit) -> int:
    """How many clusters the battles come in; 0 where none were given."""
    source = fit.counts.source
    return 0 if source is None else int(source.cluster.max()) + 1


def meat(fit: Fit, *, clustered: bool | None = None) -> np.ndarray:
    """(parameters, parameters) sum of squared scores over battles or clusters."""
    scores = cell_scores(fit)
    if clustered is None:
        clustered = clusters(fit) > 0
    one_way = fit.prior > 0
    expected = _expected(fit, one_way)
    scores = diagonal(np.repeat(~one_way, 3)) @ scores
    if not clustered:
        weight = diagonal(fit.counts.counts.ravel())
        return (scores.T @ weight @ scores).toarray() + expected
    source, number = fit.counts.source, clusters(fit)
    if source is None:
        raise HeldoutError("these battles were counted without clusters: tally(..., cluster=voters)")
    if number < 2:
        raise HeldoutError("all battles are in one cluster: an interval takes at least two independent ones")
    member = indicator(source.cluster, source.cell, (number, scores.shape[0]))
    sums = (member @ scores).toarray()
    return number / (number - 1) * sums.T @ sums + expected


def _expected(fit: Fit, pairs: np.ndarray) -> np.ndarray:
    """The information of these (pairs,): stands for their squared scores where one side won all, which shows no spread."""
    if not pairs.any():
        return np.zeros((fit.problem.size, fit.problem.size))
    kept = outcomes.Slopes(*(np.where(pairs, part, 0.0) for part in fit.slopes))
    return fit.problem.information(kept)


def cell_scores(fit: Fit) -> Any:
    """(pairs * 3, parameters) the score of one battle of each kind at the maximum."""
    at = fit.problem
    gaps, pairs = at.gaps(fit.parameters), len(fit.counts.first)
    gap, tie = np.empty((pairs, 3)), np.empty((pairs, 3))
    for k in range(3):
        one = np.zeros((3, pairs))
        one[k] = 1.0
        slopes = outcomes.slopes(fit.kind, one, gaps, at.tie(fit.parameters))
        gap[:, k], tie[:, k] = slopes.gap, slopes.tie
    made = indicator(np.arange(3 * pairs), np.repeat(np.arange(pairs), 3), (3 * pairs, pairs), gap.ravel()) @ at.design
    if not at.tied:
        return sparse.csr_matrix(made)
    return sparse.csr_matrix(sparse.hstack([made, tie.reshape(-1, 1)]))
