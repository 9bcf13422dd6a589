"""Statistics that give a 95% interval for a mean."""

import numpy as np
from scipy.special import stdtrit

from heldout.core.seeds import Words
from heldout.stats import bootstrap

RESAMPLES = 1_000


def student(data: np.ndarray, key: Words) -> tuple[float, float]:  # noqa: ARG001
    """Student's t interval (1908): right for normal data."""
    half = stdtrit(len(data) - 1, 0.975) * data.std(ddof=1) / np.sqrt(len(data))
    return data.mean() - half, data.mean() + half


def percentile(data: np.ndarray, key: Words) -> tuple[float, float]:
    """The percentile bootstrap (Efron, 1979): the middle 95% of the means of resampled data."""
    pooled = bootstrap.pool(data[:, None])
    means = bootstrap.means(pooled, bootstrap.counts(pooled, RESAMPLES, key.generator()))
    low, high = np.quantile(means, [0.025, 0.975])
    return low, high
