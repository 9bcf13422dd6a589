"""How far retrainings of one learner differ from each other."""

from itertools import combinations
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats import means
from heldout.stats.finding import Finding


def churn(answers: Any) -> float:
    """The share of items that two replicas answer differently (Milani Fard et al., 2016), the mean over all pairs.

    `answers`: (replicas, items) of anything comparable. It is at most the sum of the two error rates, and at least their
    difference.
    """
    table = _replicas(answers, 2)
    pairs = [float((table[i] != table[j]).mean()) for i, j in combinations(range(len(table)), 2)]
    return float(np.mean(pairs))


def pair_churns(answers: Any) -> np.ndarray:
    """The churn of replicas 0 and 1, 2 and 3, ...: (replicas // 2,) numbers that are independent, as all pairs are not."""
    table = _replicas(answers, 2)
    whole = len(table) // 2
    return (table[0 : 2 * whole : 2] != table[1 : 2 * whole : 2]).mean(axis=1)


def interval(answers: Any, alpha: float = 0.05) -> Finding:
    """Mean churn over disjoint pairs of replicas, with Student's interval; it takes four replicas."""
    return means.paired(pair_churns(_replicas(answers, 4)), alpha=alpha)


def prediction_difference(probabilities: Any) -> float:
    """The mean over items and pairs of replicas of |p - q|, summed over classes (Shamir et al., 2020).

    `probabilities`: (replicas, items) of a positive class, or (replicas, items, classes), which counts moved probability
    twice: there it is at most 2. Where all are 0 or 1, half of that is churn.
    """
    table = np.asarray(probabilities, dtype=float)
    if table.ndim not in (2, 3) or len(table) < 2 or not np.isfinite(table).all():
        raise HeldoutError(
            f"probabilities of shape {table.shape}: give finite (replicas, items[, classes]), two replicas"
        )
    pairs = combinations(range(len(table)), 2)
    return float(np.mean([np.abs(table[i] - table[j]).reshape(table.shape[1], -1).sum(1).mean() for i, j in pairs]))


def _replicas(answers: Any, least: int) -> np.ndarray:
    table = np.asarray(answers)
    if table.ndim != 2 or len(table) < least or not table.shape[1]:
        raise HeldoutError(f"answers of shape {table.shape}: give replicas x items, at least {least} replicas")
    return table
