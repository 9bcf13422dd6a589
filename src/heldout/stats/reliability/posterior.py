"""The Bayesian reading of n samples with c right: each item's chance is Beta(c + 1, n - c + 1) (Hariri et al., 2025).

It is about fresh samples of the same items. A uniform prior says that half of a new item's answers are right, and says so
once per item: of many items of which few are in between, the mean is drawn to the middle by more than the interval is
wide. `heldout.stats.reliability.interval.same_items` has no such bias.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import betaincinv, betaln, gammaln

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.counts import counts, kinds
from heldout.stats.reliability.interval import Estimate
from heldout.stats.reliability.metric import Metric


class Moments(NamedTuple):
    """Posterior mean and variance of every item's metric, (items,) each, where k answers are drawn without end."""

    mean: np.ndarray
    variance: np.ndarray


def moments(metric: Metric, n: Any, c: Any, prior: tuple[float, float] = (1.0, 1.0)) -> Moments:
    """In closed form: the metric is a polynomial in the chance p, of degree k, and its square one of degree 2k."""
    if min(prior) <= 0:
        raise HeldoutError(f"the prior Beta{prior} needs two positive numbers")
    alike = kinds(counts(n, c))
    a, b = alike.c + prior[0], alike.n - alike.c + prior[1]
    j = np.arange(metric.k + 1)
    terms = metric.weights * np.exp(gammaln(metric.k + 1) - gammaln(j + 1) - gammaln(metric.k - j + 1))
    mean = _expected(terms, a, b)
    variance = np.maximum(_expected(np.convolve(terms, terms), a, b) - mean**2, 0.0)
    return Moments(mean[alike.which], variance[alike.which])


def interval(metric: Metric, n: Any, c: Any, level: float = 0.95, prior: tuple[float, float] = (1.0, 1.0)) -> Estimate:
    """The mean over items: its posterior mean, and the equal-tailed interval of the Beta law with its first two moments.

    Every item counts, also those with fewer than k samples.
    """
    found = moments(metric, n, c, prior)
    items = len(found.mean)
    mean, variance = float(found.mean.mean()), float(found.variance.sum()) / items**2
    if variance <= 0:
        return Estimate(mean, mean, mean, items)
    strength = mean * (1 - mean) / variance - 1
    low, high = betaincinv(mean * strength, (1 - mean) * strength, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(mean, float(low), float(high), items)


def _expected(terms: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The mean of the sum of terms[s] p**s (1 - p)**(degree - s) over p of Beta(a, b)."""
    power = np.arange(len(terms))
    log = betaln(a[:, None] + power, b[:, None] + power[::-1]) - betaln(a, b)[:, None]
    return np.exp(log) @ terms
