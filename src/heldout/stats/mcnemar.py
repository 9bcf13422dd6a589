"""Paired proportions: two systems right or wrong on the same items.

`first` items only the first system got right, `second` items only the second one, of `n` items in all; the difference
is (first - second) / n.
"""

import math
from typing import Any

from scipy.optimize import brentq
from scipy.stats import binomtest, norm

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Alternative, Finding, Interval, known
from heldout.stats.proportions import counted
from heldout.stats.sample import differences, fraction


def discordant(a: Any, b: Any) -> tuple[int, int, int]:
    """(first, second, n) of two equally long arrays of 0/1 outcomes on the same items."""
    counted(a)
    counted(b)
    d = differences(a, b)
    return int((d > 0).sum()), int((d < 0).sum()), len(d)


def exact(first: int, second: int, n: int, *, alternative: Alternative = "two-sided", alpha: float = 0.05) -> Finding:
    """McNemar's test (1947) in its exact form, binomial on the discordant items, beside Tango's interval.

    The statistic is `first`. With no discordant item p is 1. Test and interval may differ near the limit: the test
    conditions on the discordant items, the interval does not. One-sided tests get a one-sided limit.
    """
    _counts(first, second, n)
    sides = known(alternative)
    p = float(binomtest(first, first + second, 0.5, alternative=sides).pvalue) if first + second else 1.0
    level = fraction(alpha) if sides == "two-sided" else 2 * alpha
    estimate, low, high = tango(first, second, n, min(level, 1 - 1e-9))
    return Finding(
        "McNemar (exact), Tango interval",
        float(first),
        p,
        estimate,
        -1.0 if sides == "less" else low,
        1.0 if sides == "greater" else high,
        n,
        alpha,
        sides,
        "independent items",
    )


def tango(first: int, second: int, n: int, alpha: float = 0.05) -> Interval:
    """Inverts the score test of the paired difference (Tango, 1998); holds its level from few items on."""
    _counts(first, second, n)
    z = float(norm.isf(fraction(alpha) / 2))
    estimate = (first - second) / n
    inside = 1 - 1e-12  # the score's denominator may vanish at -1 and 1 themselves
    low: Any = -1.0
    high: Any = 1.0
    if _score(first, second, n, -inside) > z:
        low = brentq(lambda d: _score(first, second, n, d) - z, -inside, min(estimate, inside))
    if _score(first, second, n, inside) < -z:
        high = brentq(lambda d: _score(first, second, n, d) + z, max(estimate, -inside), inside)
    return Interval(estimate, float(low), float(high))


def _score(first: int, second: int, n: int, difference: float) -> float:
    """(observed - difference) over its standard error, the discordant rates at their constrained maximum likelihood."""
    b = (2 * n - first + second) * difference - first - second
    c = -second * difference * (1 - difference)
    rate = (math.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * rate + difference * (1 - difference))
    gap = first - second - n * difference
    if variance <= 0:
        return 0.0 if gap == 0 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def bonett_price(first: int, second: int, n: int, alpha: float = 0.05) -> Interval:
    """Wald's interval with one item added to either discordant count (Bonett and Price, 2012); cut at -1 and 1."""
    _counts(first, second, n)
    p, q = (first + 1) / (n + 2), (second + 1) / (n + 2)
    reach = float(norm.isf(fraction(alpha) / 2)) * math.sqrt((p + q - (p - q) ** 2) / (n + 2))
    return Interval((first - second) / n, max(p - q - reach, -1.0), min(p - q + reach, 1.0))


def _counts(first: int, second: int, n: int) -> None:
    whole = all(float(v).is_integer() and v >= 0 for v in (first, second, n))
    if not whole or n < 1 or first + second > n:
        raise HeldoutError(f"{first} and {second} discordant items of {n}: count whole items, no more than there are")
