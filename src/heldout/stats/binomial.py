"""Exact group-sequential tests of a proportion, and of a median by the signs around it.

One-sided boundaries on the count of successes, by recursion over the looks (Jennison and Turnbull 2000, ch. 12), with
the level spent linearly; both sides together spend twice that.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from heldout.stats.looks import spent


def _masses(n: int, p: float) -> np.ndarray:
    """The binomial probabilities of 0 ... n successes."""
    k = np.arange(n + 1)
    return np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + xlog1py(n - k, -p))


@lru_cache(maxsize=65536)
def boundaries(looks: tuple[int, ...], p: float, level: float, planned: int | None = None) -> tuple[int, ...]:
    """The least count at each look that rejects "the proportion is at most p", one-sided at `level` over all looks.

    A count that cannot be reached, n + 1, stands where nothing rejects. `planned`: the number of looks over which the
    level is spent, where `looks` are only the first of them.
    """
    alive, used, found, before = np.ones(1), 0.0, [], 0
    for n, quota in zip(looks, spent(level, planned or len(looks)), strict=False):
        alive = np.convolve(alive, _masses(n - before, p))
        tails = np.cumsum(alive[::-1])[::-1]
        least = int(np.count_nonzero(tails > (quota - used) * (1 + 1e-12)))
        used += float(tails[least]) if least <= n else 0.0
        alive[least:] = 0.0
        found.append(least)
        before = n
    return tuple(found)


def first_rejection(counts: Sequence[int], looks: tuple[int, ...], p: float, level: float, planned: int) -> int:
    """The index of the first look whose count rejects "the proportion is at most p"; the number of looks where none."""
    bounds = boundaries(tuple(looks), p, level, planned)
    return next((k for k, (x, least) in enumerate(zip(counts, bounds, strict=True)) if x >= least), len(looks))


def limits(counts: Sequence[int], looks: tuple[int, ...], level: float, planned: int) -> tuple[float, float]:
    """The proportions not rejected by the last of the looks, two-sided at `level`. `counts`: successes at each look."""
    failures = [n - x for n, x in zip(looks, counts, strict=True)]
    return _lowest(counts, looks, level / 2, planned), 1.0 - _lowest(failures, looks, level / 2, planned)


def _lowest(counts: Sequence[int], looks: tuple[int, ...], level: float, planned: int) -> float:
    low, high = 0.0, counts[-1] / looks[-1]
    if first_rejection(counts, looks, high, level, planned) < len(
        looks
    ):  # the last look fell back below an earlier one
        high = 1.0
    for _ in range(34):
        middle = (low + high) / 2
        if first_rejection(counts, looks, middle, level, planned) < len(looks):
            low = middle
        else:
            high = middle
    return low


def median_boundaries(looks: tuple[int, ...], level: float, planned: int) -> tuple[int, ...]:
    """The least number of units beyond a value that rejects it as the median, two-sided at `level`."""
    return boundaries(tuple(looks), 0.5, level / 2, planned)


def median_limits(values: np.ndarray, looks: tuple[int, ...], level: float, planned: int) -> np.ndarray:
    """The medians not rejected by each look, two-sided: (looks, 2), infinite where nothing is. `values`: (units,).

    Order statistics at every look, each look's interval cut with those before it. Units equal to a value count as
    beyond it on neither side.
    """
    found = np.full((len(looks), 2), (-np.inf, np.inf))
    for k, (n, least) in enumerate(zip(looks, median_boundaries(looks, level, planned), strict=True)):
        if least <= n:
            ordered = np.sort(values[:n])
            found[k] = ordered[n - least], ordered[least - 1]
    return np.column_stack((np.maximum.accumulate(found[:, 0]), np.minimum.accumulate(found[:, 1])))
