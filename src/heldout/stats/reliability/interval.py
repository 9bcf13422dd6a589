"""Intervals for the mean of a metric over items. Repeats of an item are never pooled with those of another.

Two questions. `new_items`: how would the system do on items like these, each sampled as often? The unit is the item, and
samples of one item are one number. `same_items`: how would it do on these items if they were sampled anew?
Both ends solve |mean - m| <= q * error(m), the error being stretched with m(1 - m) as in Wilson's (1927) interval for a
proportion: it never collapses where all items are at 0 or 1, as Student's and the bootstrap's do.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import unbiased
from heldout.stats.reliability.counts import counts
from heldout.stats.reliability.metric import Metric

UNSEEN = 0.5
"""How much of an item that was not seen is allowed for; chosen by simulation, as the least that covers (see the docs)."""


class Estimate(NamedTuple):
    """A mean over items with its interval. `items`: how many have the samples that the metric takes; the others are left out."""

    estimate: float
    low: float
    high: float
    items: int


def new_items(metric: Metric, n: Any, c: Any, level: float = 0.95) -> Estimate:
    """The mean over items with an interval for items like these; with a single item it is everything from 0 to 1."""
    values = present(unbiased.of_items(metric, n, c), metric)
    low, high = of_values(values, float(quantile(len(values), level)))
    return Estimate(float(values.mean()), low, high, len(values))


def same_items(metric: Metric, n: Any, c: Any, level: float = 0.95) -> Estimate:
    """The mean over items with an interval for fresh samples of the same items, from the jackknife over samples.

    Items with exactly k samples say nothing of their own variance and take the mean of the others'; where no item has
    more, the interval is everything from 0 to 1.
    """
    given = counts(n, c)
    values, variance = unbiased.of_items(metric, *given), unbiased.jackknife(metric, *given)
    used = ~np.isnan(values)
    values, variance = present(values, metric), variance[used]
    mean, known = float(values.mean()), ~np.isnan(variance)
    if not known.any():
        return Estimate(mean, 0.0, 1.0, len(values))
    error2 = float(variance[known].mean()) / len(values)
    blocks = float((given.n[used] / metric.k).sum())  # P(all right) <= mean ** blocks, whatever the items
    low, high = _wilson(mean, blocks if error2 == 0 else mean * (1 - mean) / error2, float(ndtri((1 + level) / 2)))
    return Estimate(mean, low, high, len(values))


def bootstrap(
    metric: Metric, n: Any, c: Any, rng: np.random.Generator, level: float = 0.95, resamples: int = 2_000
) -> Estimate:
    """The mean over items with the percentile interval of resampled items: the usual one, too short near 0 and 1.

    Items of equal value are drawn together, as multinomial counts.
    """
    values = present(unbiased.of_items(metric, n, c), metric)
    distinct, often = np.unique(values, return_counts=True)
    drawn = rng.multinomial(len(values), often / len(values), size=resamples) @ distinct / len(values)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(values.mean()), float(low), float(high), len(values))


def present(values: np.ndarray, metric: Metric) -> np.ndarray:
    """The values that are there; HeldoutError where none is."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        raise HeldoutError(
            f"{metric.name} takes {metric.k} samples of an item, and no item has as many: choose a smaller k"
        )
    return kept


def quantile(items: int, level: float = 0.95) -> float:
    """Student's for the mean of so many items; infinite for one."""
    return float(stdtrit(items - 1, (1 + level) / 2)) if items > 1 else np.inf


def of_values(values: np.ndarray, q: float) -> tuple[float, float]:
    """The ends for values between 0 and 1, one per item, at q standard errors.

    Few items may carry the mean, and none of them be among those seen. So for the upper end the variance is that with
    `UNSEEN` of an item at 1 added, for the lower end with as much of one at 0; it is never more than a proportion's.
    """
    mean, items = float(values.mean()), len(values)
    if items < 2:
        return 0.0, 1.0
    square, most = float(values.var(ddof=1)), mean * (1 - mean)
    ends = []
    for end in (0.0, 1.0):
        unseen = UNSEEN * items / (items + UNSEEN) * (end - mean) ** 2
        wider = ((items - 1) * square + unseen) / (items - 1 + UNSEEN)
        variance = max(square, min(wider, most))
        ends.append(_wilson(mean, items * most / variance if variance > 0 else items, q)[round(end)])
    return ends[0], ends[1]


def _wilson(mean: float, trials: float, q: float) -> tuple[float, float]:
    """Wilson's ends for a proportion of so many trials, whole or not."""
    if not np.isfinite(q):
        return 0.0, 1.0
    share = q * q / trials
    centre, reach = mean + share / 2, q * np.sqrt(mean * (1 - mean) / trials + share / (4 * trials))
    low, high = (centre - reach) / (1 + share), (centre + reach) / (1 + share)
    return max(0.0, min(float(low), mean)), min(1.0, max(float(high), mean))
