"""Curves of a metric over k, with a band that holds the whole curve at once."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import unbiased
from heldout.stats.reliability.counts import counts
from heldout.stats.reliability.interval import of_values, quantile
from heldout.stats.reliability.metric import Metric

DRAWS = 10_000


class Band(NamedTuple):
    """(ks,) estimates and ends of the band. `critical`: how many standard errors away they are, `items`: how many count."""

    k: np.ndarray
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    critical: float
    items: int


def band(
    family: Callable[[int], Metric], ks: Sequence[int], n: Any, c: Any, rng: np.random.Generator, level: float = 0.95
) -> Band:
    """The curve k -> family(k), such as `pass_at_k`, over new items like these, with a simultaneous band.

    The largest of the studentised deviations is simulated as that of a normal vector with the items' own correlations
    (sup-t; Montiel Olea and Plagborg-Møller, 2019), and its quantile stretched as Student's is beyond the normal. Only items
    with samples for the largest k count, so that all points of the curve speak of the same items.
    """
    metrics = [family(k) for k in ks]
    if not metrics:
        raise HeldoutError("a band needs at least one k")
    given = counts(n, c)
    used = given.n >= max(m.k for m in metrics)
    if not used.any():
        raise HeldoutError(f"no item has {max(m.k for m in metrics)} samples: leave out the largest k")
    values = np.stack([unbiased.of_items(m, given.n[used], given.c[used]) for m in metrics], axis=1)
    q = critical(values, rng, level)
    low, high = np.array([of_values(column, q) for column in values.T]).T
    return Band(np.array([m.k for m in metrics]), values.mean(axis=0), low, high, q, int(used.sum()))


def critical(values: np.ndarray, rng: np.random.Generator, level: float = 0.95) -> float:
    """How many standard errors hold all columns of (items, columns) at once."""
    items = len(values)
    varied = values[:, values.std(axis=0) > 0]
    single = quantile(items, level)
    if varied.shape[1] < 2 or items < 2:
        return single
    correlation = np.corrcoef(varied, rowvar=False)
    size, axes = np.linalg.eigh(correlation)
    drawn = rng.standard_normal((DRAWS, len(size))) * np.sqrt(np.maximum(size, 0.0)) @ axes.T
    normal = float(np.quantile(np.abs(drawn).max(axis=1), level))
    return max(single, normal * single / quantile(10**9, level))
