"""Wilcoxon's tests, with the Hodges-Lehmann estimates and the intervals that they imply.

SciPy computes the p-values (exactly for small samples, ties and zeros handled); here come the shifts that the tests do
not reject: order statistics of Walsh averages, or of pairwise differences (Hodges and Lehmann, 1963).
"""

import math
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu, norm
from scipy.stats import wilcoxon as scipy_wilcoxon

from heldout.stats.finding import Alternative, Finding, known
from heldout.stats.sample import differences, fraction, sample

_EXACT = 50  # values up to which the null distribution is counted out


def signed_rank(a: Any, b: Any = None, *, alternative: Alternative = "two-sided", alpha: float = 0.05) -> Finding:
    """Tests whether paired differences are symmetric about 0, by the ranks of their sizes; zeros are left out.

    The estimate is the median of the Walsh averages; with ties the interval is conservative (Bauer, 1972).
    """
    d = differences(a, b)
    fraction(alpha)
    sides = known(alternative)
    n, zeros = len(d), int((d == 0).sum())
    statistic, p = 0.0, 1.0
    if zeros < n:
        test: Any = scipy_wilcoxon(d, zero_method="wilcox", alternative=sides)
        statistic, p = float(test.statistic), float(test.pvalue)
    walsh = np.sort(((d[:, None] + d[None, :]) / 2)[np.triu_indices(n)])
    counts = _signed_rank_counts(n) if n <= _EXACT else None
    spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    low, high = _limits(walsh, (counts, n * (n + 1) / 4, spread), sides, alpha)
    note = f"{zeros} of {n} differences are zero" if zeros else ""
    if math.isinf(low) and math.isinf(high):
        note = f"{n} pairs cannot reach a level of {alpha:g}"
    estimate = float(np.median(walsh))
    return Finding(
        "Wilcoxon signed rank", statistic, p, estimate, low, high, n, alpha, sides, "symmetric differences", note
    )


def rank_sum(a: Any, b: Any, *, alternative: Alternative = "two-sided", alpha: float = 0.05) -> Finding:
    """Tests whether two samples come from one distribution, by ranks (Wilcoxon, 1945; Mann and Whitney, 1947).

    The statistic is U of the first sample, the estimate the median of the pairwise differences a - b.
    """
    x, y = sample(a, "the first sample"), sample(b, "the second sample")
    fraction(alpha)
    sides = known(alternative)
    m, n = len(x), len(y)
    statistic, p = m * n / 2, 1.0
    if np.ptp(np.concatenate([x, y])) > 0:
        test: Any = mannwhitneyu(x, y, alternative=sides)
        statistic, p = float(test.statistic), float(test.pvalue)
    gaps = np.sort((x[:, None] - y[None, :]).ravel())
    counts = _rank_sum_counts(m, n) if max(m, n) <= _EXACT else None
    low, high = _limits(gaps, (counts, m * n / 2, math.sqrt(m * n * (m + n + 1) / 12)), sides, alpha)
    note = f"{m} and {n} values cannot reach a level of {alpha:g}" if math.isinf(low) and math.isinf(high) else ""
    estimate = float(np.median(gaps))
    return Finding(
        "Wilcoxon rank sum",
        statistic,
        p,
        estimate,
        low,
        high,
        m + n,
        alpha,
        sides,
        "one distribution but for a shift",
        note,
    )


def _limits(
    ordered: np.ndarray, null: tuple[np.ndarray | None, float, float], alternative: Alternative, alpha: float
) -> tuple[float, float]:
    """The k-th value from either end, k the largest with P(statistic <= k - 1) <= tail."""
    counts, mean, spread = null
    tail = alpha / 2 if alternative == "two-sided" else alpha
    if counts is not None:
        k = int(np.searchsorted(np.cumsum(counts) / counts.sum(), tail * (1 + 1e-12), side="right"))
    else:
        k = max(math.floor(mean + float(norm.ppf(tail)) * spread + 0.5), 0)
    low = float(ordered[k - 1]) if k and alternative != "less" else -math.inf
    high = float(ordered[len(ordered) - k]) if k and alternative != "greater" else math.inf
    return low, high


def _signed_rank_counts(n: int) -> np.ndarray:
    """How many of the 2^n sign patterns give each value 0 .. n(n+1)/2 of the sum of positive ranks."""
    counts = np.zeros(n * (n + 1) // 2 + 1)
    counts[0] = 1.0
    for rank in range(1, n + 1):
        counts[rank:] = counts[rank:] + counts[:-rank]
    return counts


def _rank_sum_counts(m: int, n: int) -> np.ndarray:
    """How many of the relabellings give each value 0 .. mn of U: the Gaussian binomial coefficient."""
    counts = np.zeros(m * n + 1)
    counts[0] = 1.0
    for i in range(1, m + 1):  # times (1 - q^(n+i)) / (1 - q^i)
        if n + i <= m * n:
            counts[n + i :] = counts[n + i :] - counts[: -(n + i)].copy()
        for start in range(min(i, m * n + 1)):
            counts[start::i] = np.cumsum(counts[start::i])
    return counts
