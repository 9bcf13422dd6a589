"""Intervals for one proportion: `successes` out of `n` independent trials."""

import math

import numpy as np
from scipy.stats import beta, binomtest

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Interval
from heldout.stats.sample import fraction


def wilson(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """Inverts the score test (Wilson, 1927): close to nominal coverage on average, from few trials on."""
    _counts(successes, n)
    limits = binomtest(successes, n).proportion_ci(1 - fraction(alpha), method="wilson")
    return Interval(successes / n, float(limits.low), float(limits.high))


def clopper_pearson(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """Inverts the exact binomial tails (Clopper and Pearson, 1934): never below nominal coverage."""
    _counts(successes, n)
    limits = binomtest(successes, n).proportion_ci(1 - fraction(alpha), method="exact")
    return Interval(successes / n, float(limits.low), float(limits.high))


def jeffreys(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """The equal-tailed credible interval under Beta(1/2, 1/2), closed at 0 and n successes (Brown et al., 2001)."""
    _counts(successes, n)
    tails = (fraction(alpha) / 2, 1 - alpha / 2)
    low, high = beta.ppf(tails, successes + 0.5, n - successes + 0.5)
    return Interval(successes / n, 0.0 if successes == 0 else float(low), 1.0 if successes == n else float(high))


def _counts(successes: int, n: int) -> None:
    if n < 1:
        raise HeldoutError(f"a proportion of {n} trials: it takes at least one")
    if not (math.isfinite(successes) and float(successes).is_integer() and 0 <= successes <= n):
        raise HeldoutError(f"{successes} successes of {n} trials: count whole successes between 0 and {n}")


def counted(outcomes: object) -> tuple[int, int]:
    """(successes, trials) of an array of 0/1 outcomes; HeldoutError where another value is among them."""
    array = np.asarray(outcomes, dtype=float).ravel()
    if not np.isin(array, (0.0, 1.0)).all():
        odd = array[~np.isin(array, (0.0, 1.0))][0]
        raise HeldoutError(f"the outcomes hold {odd}: a proportion counts 0 and 1 only")
    return int(array.sum()), len(array)
