"""Effect sizes with intervals: how large a difference is, beside whether there is one."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import chi, norm

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Interval
from heldout.stats.sample import differences, fraction, sample


def superiority(a: Any, b: Any, alpha: float = 0.05) -> Interval:
    """The probability that a run of the first system beats one of the second, ties half: Vargha and Delaney's A12.

    Samples unpaired. Newcombe's interval (2006, method 5): the score interval with Hanley and McNeil's variance, which
    stays honest at complete separation.
    """
    x, y = sample(a, "the first sample"), sample(b, "the second sample")
    fraction(alpha)
    m, n = len(x), len(y)
    ordered = np.sort(y)
    below, up_to = np.searchsorted(ordered, x, side="left"), np.searchsorted(ordered, x, side="right")
    share = float((below + up_to).sum()) / (2 * m * n)
    z = float(norm.isf(alpha / 2))

    def excess(theta: float) -> float:
        spread = 1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return (share - theta) ** 2 - z * z * theta * (1 - theta) * spread / (m * n)

    low = _crossing(excess, 0.0, share) if share > 0 else 0.0
    high = _crossing(excess, 1.0, share) if share < 1 else 1.0
    return Interval(share, low, high)


def _crossing(excess: Callable[[float], float], end: float, share: float) -> float:
    """Where `excess`, positive at `end` and negative beside `share`, changes sign."""
    outside = abs(end - 1e-12)
    inside = share + (1e-9 if end > share else -1e-9)
    if excess(outside) <= 0 or excess(inside) >= 0:
        return end
    root: Any = brentq(excess, min(inside, outside), max(inside, outside))
    return float(root)


def cliffs_delta(a: Any, b: Any, alpha: float = 0.05) -> Interval:
    """Cliff's delta (1993), 2 A12 - 1: the share of pairs won less the share lost. Samples unpaired."""
    return Interval(*(2 * v - 1 for v in superiority(a, b, alpha)))


def paired_superiority(a: Any, b: Any = None, alpha: float = 0.05) -> Interval:
    """The probability that the first system beats the second on a unit, ties half; units paired.

    Wilson's interval (1927), with a tie as half a win; ties make it wider than need be, never narrower.
    """
    d = differences(a, b)
    n = len(d)
    share = float((d > 0).sum() + (d == 0).sum() / 2) / n
    z = float(norm.isf(fraction(alpha) / 2))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(share, max(centre - reach, 0.0), min(centre + reach, 1.0))


def standardised(a: Any, b: Any, alpha: float = 0.05) -> Interval:
    """Hedges' g (1981): the difference of means over the pooled standard deviation, less its small-sample bias.

    The interval inverts the noncentral t (Cumming and Finch, 2001), assuming normal samples of equal spread.
    """
    x, y = sample(a, "the first sample", 2), sample(b, "the second sample", 2)
    m, n = len(x), len(y)
    df = m + n - 2
    spread = math.sqrt((float(x.var(ddof=1)) * (m - 1) + float(y.var(ddof=1)) * (n - 1)) / df)
    return _noncentral(float(x.mean() - y.mean()), spread, df, math.sqrt(m * n / (m + n)), alpha)


def standardised_paired(a: Any, b: Any = None, alpha: float = 0.05) -> Interval:
    """The mean of paired differences over their standard deviation (d_z), less its small-sample bias.

    The interval inverts the noncentral t, assuming normal differences.
    """
    d = differences(a, b, least=3)
    return _noncentral(float(d.mean()), float(d.std(ddof=1)), len(d) - 1, math.sqrt(len(d)), alpha)


def _noncentral(gap: float, spread: float, df: int, root: float, alpha: float) -> Interval:
    if spread <= 1e-13 * abs(gap) or spread == 0:
        raise HeldoutError("the values do not vary: a difference in standard deviations has no meaning here")
    correction = math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
    t, half = gap / spread * root, fraction(alpha) / 2
    below = _noncentral_t(t, df)
    width = 5 + abs(t)
    while below(t - width) < 1 - half / 2 or below(t + width) > half / 2:
        width *= 2
    limits: list[Any] = [
        brentq(lambda d, tail=tail: below(d) - tail, t - width, t + width) for tail in (1 - half, half)
    ]
    return Interval(correction * gap / spread, *(correction * float(limit) / root for limit in limits))


def _noncentral_t(t: float, df: int) -> Callable[[float], float]:
    """P(T <= t) as a function of the noncentrality: the normal tail averaged over the law of the standard deviation.

    By Gauss-Legendre quadrature, as SciPy's series gives NaN where t is large.
    """
    low, high = chi.ppf(1e-13, df), chi.isf(1e-13, df)
    nodes, weights = _nodes()
    x = (high + low) / 2 + (high - low) / 2 * nodes
    mass = weights * chi.pdf(x, df) * (high - low) / 2
    scaled = t * x / math.sqrt(df)
    return lambda noncentrality: float(mass @ ndtr(scaled - noncentrality))


@cache
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(200)
