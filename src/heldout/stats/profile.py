"""Performance profiles: the share of runs, or of tasks, that score above each of many thresholds.

Of Agarwal et al. (2021), after Dolan and More (2002). Tables are (runs, tasks) with NaN where a run is missing.
"""

import numpy as np

from heldout.stats import aggregate, bootstrap
from heldout.stats.aggregate import Estimate


def score_profile(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Share of runs above each threshold, every task weighing the same: (runs, tasks), (K,) to (K,)."""
    pooled = bootstrap.pool(scores)
    return pooled.weight @ (pooled.values[:, None] > np.asarray(thresholds, dtype=float))


def average_profile(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Share of tasks whose mean score is above each threshold: (runs, tasks), (K,) to (K,)."""
    return _above(aggregate.task_means(aggregate.table(scores))[None], np.asarray(thresholds, dtype=float))[0]


def score_bands(
    scores: np.ndarray, thresholds: np.ndarray, resamples: int, rng: np.random.Generator, level: float = 0.95
) -> Estimate:
    """`score_profile` with the percentile interval of the stratified bootstrap at each threshold, (K,) each."""
    pooled = bootstrap.pool(scores)
    ordered = pooled.values[pooled.order]
    # A profile is one minus a running sum of counts, read off where the threshold falls among the sorted scores.
    below = np.searchsorted(ordered, thresholds, side="right")
    drawn = bootstrap.counts(pooled, resamples, rng)[pooled.order]
    if pooled.balanced:
        ends = _ends(bootstrap.running(drawn, len(ordered))[below], level) / len(ordered)
    else:
        sums = np.zeros((len(ordered) + 1, resamples))
        np.cumsum(drawn * pooled.weight[pooled.order, None], axis=0, out=sums[1:])
        ends = _ends(sums[below], level)
    return Estimate(score_profile(scores, thresholds), 1 - ends[1], 1 - ends[0])


def average_bands(
    scores: np.ndarray, thresholds: np.ndarray, resamples: int, rng: np.random.Generator, level: float = 0.95
) -> Estimate:
    """`average_profile` with the percentile interval of the stratified bootstrap at each threshold, (K,) each."""
    pooled = bootstrap.pool(scores)
    drawn = bootstrap.means(pooled, bootstrap.counts(pooled, resamples, rng))
    low, high = _ends(_above(drawn, np.asarray(thresholds, dtype=float)).T, level)
    return Estimate(average_profile(scores, thresholds), low, high)


def _above(means: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Share of the tasks present above each threshold: (B, T), (K,) to (B, K)."""
    present = np.count_nonzero(~np.isnan(means), axis=1)
    return np.stack([np.count_nonzero(means > one, axis=1) / present for one in thresholds], axis=1)


def _ends(rows: np.ndarray, level: float) -> np.ndarray:
    """Both percentiles of each row, linear between order statistics as NumPy's: (K, B) to (2, K)."""
    n = rows.shape[1]
    ordered = np.sort(rows, axis=1, kind="stable")  # a radix sort where the rows are small integers
    at = np.array([(1 - level) / 2, (1 + level) / 2]) * (n - 1)
    left = np.floor(at).astype(int)
    lower, upper = ordered[:, left].astype(float), ordered[:, np.minimum(left + 1, n - 1)].astype(float)
    return (lower + (upper - lower) * (at - left)).T
