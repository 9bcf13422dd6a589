"""Means of values that come in clusters: items that share a passage, repeats of one item, episodes of one seed."""

import math
from typing import Any

import numpy as np
from scipy.stats import t

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Finding
from heldout.stats.sample import fraction, sample


def clustered(values: Any, clusters: Any, alpha: float = 0.05) -> Finding:
    """Tests whether the mean is 0 with a standard error that lets values of one cluster move together.

    `values`: (n,); `clusters`: (n,) labels. SE^2 = C/(C-1) sum over clusters of (sum of deviations)^2 / n^2, referred to
    t with C - 1 degrees of freedom for C clusters (Miller, 2024). Give paired differences to compare two systems. An
    item asked several times is a cluster. `n` of the finding is the number of clusters.
    """
    x, index = _grouped(values, clusters)
    count = int(index.max()) + 1
    mean = float(x.mean())
    error = standard_error(values, clusters)
    name, note = "clustered t", f"{len(x)} values in {count} clusters"
    if error <= 1e-13 * np.abs(x).max():
        note += "; the clusters' sums are constant, so their spread is unknown"
        return Finding(name, math.nan, 1.0, mean, -math.inf, math.inf, count, fraction(alpha), note=note)
    reach = float(t.isf(fraction(alpha) / 2, count - 1)) * error
    p = 2 * float(t.sf(abs(mean) / error, count - 1))
    return Finding(
        name,
        mean / error,
        p,
        mean,
        mean - reach,
        mean + reach,
        count,
        alpha,
        assumption="clusters independent, their number not small",
        note=note,
    )


def standard_error(values: Any, clusters: Any) -> float:
    """The standard error of the mean of clustered values (see `clustered`); it takes at least two clusters."""
    x, index = _grouped(values, clusters)
    count = int(index.max()) + 1
    sums = np.bincount(index, x - x.mean())
    return math.sqrt(count / (count - 1) * float(sums @ sums)) / len(x)


def intraclass(values: Any, clusters: Any) -> float:
    """The intraclass correlation by analysis of variance, at most 1; negative where clusters differ less than chance.

    It takes a cluster of at least two values. Constant values have correlation 0.
    """
    x, index = _grouped(values, clusters)
    sizes = np.bincount(index)
    count, n = len(sizes), len(x)
    if n == count:
        raise HeldoutError(f"each of the {n} clusters holds one value: a correlation within clusters takes two")
    means = np.bincount(index, x) / sizes
    between = float(sizes @ (means - x.mean()) ** 2) / (count - 1)
    within = float(((x - means[index]) ** 2).sum()) / (n - count)
    typical = (n - float(sizes @ sizes) / n) / (count - 1)
    total = between + (typical - 1) * within
    return (between - within) / total if total > 0 else 0.0


def design_effect(size: float, correlation: float) -> float:
    """How many times more values clusters of `size` take: 1 + (size - 1) ICC (Kish, 1965)."""
    if size < 1 or not -1.0 <= correlation <= 1.0:
        raise HeldoutError(
            f"clusters of {size} with correlation {correlation}: give a size from 1 and a correlation within -1 and 1"
        )
    return max(1 + (size - 1) * correlation, 0.0)


def _grouped(values: Any, clusters: Any) -> tuple[np.ndarray, np.ndarray]:
    x = sample(values, "the sample")
    labels = np.asarray(clusters)
    if labels.shape != x.shape:
        raise HeldoutError(f"{len(x)} values and cluster labels of shape {labels.shape}: give one label per value")
    _, index = np.unique(labels, return_inverse=True)
    if index.max() == 0:
        raise HeldoutError("all values are in one cluster: an interval takes at least two independent clusters")
    return x, index
