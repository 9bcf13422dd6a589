"""Metrics estimated from n samples without bias: the mean over all ways of drawing k of them."""

from typing import Any

import numpy as np
from scipy.special import gammaln

from heldout.stats.reliability.counts import Kinds, counts, kinds
from heldout.stats.reliability.metric import Metric


def of_items(metric: Metric, n: Any, c: Any) -> np.ndarray:
    """The metric of every item, (items,): the mean worth of k of its n samples drawn without replacement; NaN where n < k.

    For pass@k it is 1 - C(n-c, k) / C(n, k) (Chen et al., 2021), for pass^k C(c, k) / C(n, k) (Yao et al., 2024).
    """
    alike = kinds(counts(n, c))
    return _worth(metric, alike.n, alike.c)[alike.which]


def jackknife(metric: Metric, n: Any, c: Any) -> np.ndarray:
    """The variance of each item's estimate over fresh samples of the same item, (items,); NaN where n <= k.

    Of leaving out one sample at a time (Efron and Stein, 1981), which errs upwards; right and wrong samples are alike
    among themselves, so two estimates are enough.
    """
    alike = kinds(counts(n, c))
    variance = _jackknife(metric, alike)
    return variance[alike.which]


def _jackknife(metric: Metric, alike: Kinds) -> np.ndarray:
    n, c = alike.n, alike.c
    without_right = _worth(metric, n - 1, np.maximum(c - 1, 0))
    without_wrong = _worth(metric, n - 1, np.minimum(c, n - 1))
    centre = (c * without_right + (n - c) * without_wrong) / np.maximum(n, 1)
    squares = c * (without_right - centre) ** 2 + (n - c) * (without_wrong - centre) ** 2
    return squares * (n - 1) / np.maximum(n, 1)


def _worth(metric: Metric, n: np.ndarray, c: np.ndarray) -> np.ndarray:
    found = np.full(len(n), np.nan)
    enough = n >= metric.k
    found[enough] = np.clip(hypergeometric(n[enough], c[enough], metric.k) @ metric.weights, 0.0, 1.0)
    return found


def hypergeometric(n: np.ndarray, c: np.ndarray, k: int) -> np.ndarray:
    """Chances of j right among k drawn without replacement from n of which c are right: (rows,), (rows,) to (rows, k + 1)."""
    j, n, c = np.arange(k + 1), n[:, None], c[:, None]
    possible = (j <= c) & (k - j <= n - c)
    right, wrong = np.where(possible, c - j, 0), np.where(possible, n - c - k + j, 0)
    log = (
        gammaln(c + 1)
        + gammaln(n - c + 1)
        - gammaln(j + 1)
        - gammaln(k - j + 1)
        - gammaln(right + 1)
        - gammaln(wrong + 1)
    )
    log = np.where(possible, log, -np.inf)
    chances = np.exp(log - log.max(axis=1, keepdims=True, initial=-np.inf))
    return chances / chances.sum(axis=1, keepdims=True)  # where only one outcome is possible, exactly 1
