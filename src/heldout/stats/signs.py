"""The sign test, and the interval of the median that it implies."""

import math
from typing import Any

import numpy as np
from scipy.stats import binom, binomtest

from heldout.stats.finding import Alternative, Finding, known
from heldout.stats.sample import differences, fraction


def sign_test(
    a: Any, b: Any = None, *, median: float = 0.0, alternative: Alternative = "two-sided", alpha: float = 0.05
) -> Finding:
    """Tests whether the median of a - b (of `a` where there is no `b`) is `median`; exact whatever the distribution.

    Values equal to `median` are left out of the test and counted in the note (Dixon and Mood, 1946). The interval is
    the pair of order statistics of all values that covers the median with at least 1 - alpha.
    """
    d = differences(a, b)
    fraction(alpha)
    sides = known(alternative)
    above, below = int((d > median).sum()), int((d < median).sum())
    p = binomtest(above, above + below, 0.5, alternative=sides).pvalue if above + below else 1.0
    low, high = _limits(np.sort(d), sides, alpha)
    ties = len(d) - above - below
    least = math.ceil(math.log2((2 if sides == "two-sided" else 1) / alpha))
    notes = [f"{ties} of {len(d)} values equal the median tested"] if ties else []
    if above + below < least:
        notes.append(f"a level of {alpha:g} takes at least {least} values that differ from it")
    return Finding(
        "sign test (exact)",
        float(above),
        float(p),
        float(np.median(d)),
        low,
        high,
        len(d),
        alpha,
        sides,
        "independent units",
        "; ".join(notes),
    )


def _limits(ordered: np.ndarray, alternative: Alternative, alpha: float) -> tuple[float, float]:
    n = len(ordered)
    tail = alpha / 2 if alternative == "two-sided" else alpha
    # the largest k with P(Bin(n, 1/2) <= k - 1) <= tail: the k-th value from either end is a limit
    k = int(np.searchsorted(binom.cdf(np.arange(n), n, 0.5), tail * (1 + 1e-12), side="right"))
    low = float(ordered[k - 1]) if k and alternative != "less" else -math.inf
    high = float(ordered[n - k]) if k and alternative != "greater" else math.inf
    return low, high
