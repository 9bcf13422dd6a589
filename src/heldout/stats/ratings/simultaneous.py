"""All pairs at once: who is shown to be stronger, with the error held over every pair, and the ranks that follow.

Step-down largest |t| (Romano and Wolf, 2005) on normal draws with the ratings' covariance; a rank interval counts who
is shown to be better and who worse (Mogstad, Romano, Shaikh and Wilhelm, 2020).
"""

from typing import NamedTuple

import numpy as np

MANY = 20_000
"""Pairs beyond which all are held against the largest ratio of all."""


class Separation(NamedTuple):
    """Every pair: (systems, systems) differences, standard errors, adjusted p-values; ranks that follow, (systems,).

    `p`: (systems, systems), NaN on the diagonal and where two systems cannot be compared. `critical`: how many standard
    errors a difference takes to be shown while no other is. `low`, `high`: simultaneous intervals of the ranks, 1 for the
    best. `above`: who is shown to be stronger than whom.
    """

    difference: np.ndarray
    error: np.ndarray
    p: np.ndarray
    critical: float
    low: np.ndarray
    high: np.ndarray
    above: np.ndarray


def separate(
    strength: np.ndarray,
    covariance: np.ndarray,
    rng: np.random.Generator,
    *,
    alpha: float = 0.05,
    freedom: float = np.inf,
    groups: np.ndarray | None = None,
) -> Separation:
    """Which of (systems,) strengths with this covariance differ.

    `freedom`: degrees of freedom of the standard errors (clusters - 1). `groups`: codes; only systems of one are compared.
    """
    n = len(strength)
    variance = np.diag(covariance)
    error = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * covariance[:n, :n], 0.0))
    first, second = np.triu_indices(n, 1)
    open_ = error[first, second] > 0
    if groups is not None:
        open_ &= groups[first] == groups[second]
    first, second = first[open_], second[open_]
    difference = strength[:, None] - strength[None, :]
    p = np.full((n, n), np.nan)
    above, critical = np.zeros((n, n), bool), np.nan
    if len(first):
        statistic = np.abs(difference[first, second]) / error[first, second]
        highest = _draws(covariance, (first, second), error[first, second], _order(statistic), rng, freedom)
        found = _adjusted(statistic, highest)
        p[first, second] = p[second, first] = found
        critical = float(np.quantile(highest[:, 0], 1 - alpha))
        above = (p <= alpha) & (difference > 0)
    return Separation(difference, error, p, critical, 1 + above.sum(axis=0), n - above.sum(axis=1), above)


def _order(statistic: np.ndarray) -> np.ndarray:
    return np.argsort(-statistic, kind="stable")


def _draws(
    covariance: np.ndarray,
    pair: tuple[np.ndarray, np.ndarray],
    scale: np.ndarray,
    order: np.ndarray,
    rng: np.random.Generator,
    freedom: float,
) -> np.ndarray:
    """(draws, pairs) the largest |t| among each pair and those with smaller statistics, pairs by falling statistic.

    Beyond so many pairs (draws, 1), the largest of all: no step down, which is less powerful and as safe.
    """
    first, second = pair[0][order], pair[1][order]
    few = len(first) > MANY
    draws = int(np.clip(40_000_000 // len(first), 1_000, 9_999))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    made = np.empty((draws, 1 if few else len(first)), np.float32)
    chunk = max(1, 2_000_000 // len(first))
    for begin in range(0, draws, chunk):
        size = min(chunk, draws - begin)
        drawn = rng.standard_normal((size, len(values))) @ root.T
        if np.isfinite(freedom):
            drawn = drawn / np.sqrt(rng.chisquare(freedom, (size, 1)) / freedom)
        t = np.abs(drawn[:, first] - drawn[:, second]) / scale[order]
        made[begin : begin + size] = (
            t.max(axis=1, keepdims=True) if few else np.maximum.accumulate(t[:, ::-1], axis=1)[:, ::-1]
        )
    return made


def _adjusted(statistic: np.ndarray, highest: np.ndarray) -> np.ndarray:
    order = _order(statistic)
    if highest.shape[1] == 1:
        counts = len(highest) - np.searchsorted(np.sort(highest[:, 0]), statistic[order].astype(np.float32))
    else:
        counts = (highest >= statistic[order].astype(np.float32)).sum(axis=0)
    steps = np.maximum.accumulate((1 + counts) / (1 + len(highest)))
    found = np.empty(len(statistic))
    found[order] = steps
    return found
