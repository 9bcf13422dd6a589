"""Rules that give points for positions: plurality, Dowdall, Borda, threshold; Baldwin; and the two usual means.

Systems that tie on a ballot share the points of the positions that they take up. A system is judged on the tasks that
it has: its points are a mean over them by weight, so that a missing task neither flatters nor costs.
"""

from collections.abc import Callable

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import ballots, positions
from heldout.stats.voting.points import rounded


def arithmetic(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Weighted mean of the scores, the baseline."""
    return _mean(*ballots(scores, weights))


def geometric(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Weighted geometric mean of the scores; HeldoutError for negative ones."""
    scores, weights = ballots(scores, weights)
    if (scores < 0).any():
        raise HeldoutError("a score is negative, and has no place in a geometric mean: rescale or leave the rule out")
    with np.errstate(divide="ignore"):
        return np.exp(_mean(np.log(scores), weights))


def plurality(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Share of the tasks on which a system is the best; k tied best share the task."""
    return _positional(scores, weights, lambda length: np.arange(length) == 0)


def dowdall(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Mean of 1 / position."""
    return _positional(scores, weights, lambda length: 1.0 / np.arange(1, length + 1))


def borda(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Mean share of the others on a ballot that a system is above, ties one half.

    With complete tables this is N - (mean rank), over N - 1. A ballot of one system says nothing and is passed over.
    """
    scores, weights = ballots(scores, weights)
    lone = (~np.isnan(scores)).sum(axis=0) < 2
    return _positional(
        np.where(lone, np.nan, scores), weights, lambda length: np.arange(length - 1, -1, -1) / max(length - 1, 1)
    )


def threshold(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Fewest last places; among those with equally many, fewest last but one, and so on.

    Returns minus the rank, the comparison being of whole vectors. Ties count their share of the positions taken up;
    with missing cells, positions are counted from the end of each ballot.
    """
    scores, weights = ballots(scores, weights)
    n = len(scores)
    shares = np.stack([_positional(scores, weights, lambda length, k=k: _last(length, k)) for k in range(n)], axis=1)
    shares = rounded(np.where(np.isnan(shares), 1.0, shares))
    distinct, row = np.unique(shares, axis=0, return_inverse=True)
    points = -row.reshape(n).astype(float)
    points[np.isnan(scores).all(axis=1)] = np.nan
    return points + (len(distinct) - 1)


def baldwin(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Drops the system with fewest Borda points, counts again among the rest, and so on (Baldwin, 1926).

    The points tell the round in which a system was dropped; systems tied for fewest leave together.
    """
    scores, weights = ballots(scores, weights)
    points = np.full(len(scores), np.nan)
    left = np.flatnonzero(~np.isnan(scores).all(axis=1))
    for turn in range(len(scores)):
        if not len(left):
            break
        # whoever meets nobody that is left has no points: it goes with the fewest
        now = rounded(np.nan_to_num(borda(scores[left], weights), nan=0.0))
        points[left[now == now.min()]] = turn
        left = left[now > now.min()]
    return points


def _last(length: int, k: int) -> np.ndarray:
    return np.arange(length - 1, -1, -1) == k


def _positional(scores: np.ndarray, weights: np.ndarray | None, value: Callable[[int], np.ndarray]) -> np.ndarray:
    """Mean over tasks of the value of the positions; `value(length)` lists it for a ballot of so many systems."""
    scores, weights = ballots(scores, weights)
    (best, worst), lengths = positions(scores)
    points = np.full(scores.shape, np.nan)
    for length in np.unique(lengths[lengths > 0]):
        tasks = lengths == length
        running = np.concatenate([[0.0], np.cumsum(value(int(length)))])
        low, high = np.nan_to_num(best[:, tasks], nan=1).astype(int), np.nan_to_num(worst[:, tasks], nan=1).astype(int)
        shared = (running[high] - running[low - 1]) / (high - low + 1)
        points[:, tasks] = np.where(np.isnan(scores[:, tasks]), np.nan, shared)
    return _mean(points, weights)


def _mean(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    present = ~np.isnan(points)
    total = present @ weights
    sums = np.where(present, points, 0.0) @ weights
    return np.divide(sums, total, out=np.full(len(points), np.nan), where=total > 0)
