"""Permutation tests of one difference, paired (sign flips) and unpaired (relabellings), with the interval they imply.

Every pattern s turns the observed difference D into A_s, and under a shift mu into A_s - mu B_s. It is at least as
extreme as the observed D - mu exactly for mu between (D - A_s)/(1 - B_s) and (D + A_s)/(1 + B_s), whose weighted mean is
D; so the shifts that the test does not reject form one interval, read off two sorted rows without any search.
"""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Alternative, Finding, known
from heldout.stats.sample import differences, fraction, sample

_CELLS = 4_000_000  # numbers of one block of patterns held at a time
_TIES = 1e-10  # relative; sums of the same numbers in another order differ by less


def paired(
    a: Any,
    b: Any = None,
    *,
    alternative: Alternative = "two-sided",
    alpha: float = 0.05,
    resamples: int = 9_999,
    seed: int = 0,
) -> Finding:
    """Tests whether paired differences are symmetric about 0, by flipping their signs.

    All 2^n patterns where there are no more than `resamples` + 1, else that many random ones and the observed.
    """
    d = differences(a, b)
    _enough(resamples)
    n, rng = len(d), np.random.default_rng(seed)
    exact = n < 60 and 2**n <= resamples + 1
    centre = float(d.mean())
    moved, kept = [np.empty(0)], [np.empty(0)]
    for signs in _all_signs(n) if exact else _random_signs(rng, n, resamples):
        moved.append(signs @ d / n)
        kept.append(signs.mean(axis=1))
    name = f"paired permutation ({'exact' if exact else f'{resamples} random'} sign flips)"
    least = math.ceil(math.log2((2 if alternative == "two-sided" else 1) / alpha))
    return _finding(
        (name, "differences symmetric about a shift"),
        (centre, np.concatenate(moved), np.concatenate(kept), float(np.abs(d).max())),
        (n, exact, f"a level of {alpha:g} takes at least {least} pairs" if n < least else ""),
        known(alternative),
        fraction(alpha),
    )


def unpaired(
    a: Any,
    b: Any,
    *,
    alternative: Alternative = "two-sided",
    alpha: float = 0.05,
    resamples: int = 9_999,
    seed: int = 0,
) -> Finding:
    """Tests whether two samples come from one distribution, by relabelling them; the estimate is mean(a) - mean(b).

    All relabellings where there are no more than `resamples` + 1, else that many random ones and the observed.
    """
    x, y = sample(a, "the first sample"), sample(b, "the second sample")
    _enough(resamples)
    m, n, rng = len(x), len(y), np.random.default_rng(seed)
    exact = math.comb(m + n, m) <= resamples + 1
    pooled = np.concatenate([x, y])
    second = np.concatenate([np.zeros(m), np.ones(n)])
    moved, kept = [np.empty(0)], [np.empty(0)]
    for chosen in _all_labels(m + n, m) if exact else _random_labels(rng, m + n, m, resamples):
        ours = chosen @ pooled
        moved.append(ours / m - (pooled.sum() - ours) / n)
        swapped = chosen @ second
        kept.append((n - swapped) / n - swapped / m)
    name = f"unpaired permutation ({'exact' if exact else f'{resamples} random'} relabellings)"
    few = (2 if alternative == "two-sided" and m == n else 1) > alpha * math.comb(m + n, m)
    return _finding(
        (name, "one distribution but for a shift"),
        (float(x.mean() - y.mean()), np.concatenate(moved), np.concatenate(kept), float(np.abs(pooled).max())),
        (m + n, exact, f"{m} and {n} values cannot reach a level of {alpha:g}: run more" if few else ""),
        known(alternative),
        fraction(alpha),
    )


def _finding(
    names: tuple[str, str],
    reference: tuple[float, np.ndarray, np.ndarray, float],
    size: tuple[int, bool, str],
    alternative: Alternative,
    alpha: float,
) -> Finding:
    centre, moved, kept, scale = reference
    n, exact, note = size
    extra = 0 if exact else 1  # a random set is completed by the observed pattern
    tolerance = _TIES * max(scale, np.finfo(float).tiny)
    match alternative:
        case "two-sided":
            extreme = np.abs(moved) >= abs(centre) - tolerance
        case "greater":
            extreme = moved >= centre - tolerance
        case "less":
            extreme = moved <= centre + tolerance
    p = (float(extreme.sum()) + extra) / (len(moved) + extra)
    low, high = _limits((centre, moved, kept), extra, alternative, alpha)
    return Finding(names[0], centre, p, centre, low, high, n, alpha, alternative, names[1], note)


def _limits(
    reference: tuple[float, np.ndarray, np.ndarray], extra: int, alternative: Alternative, alpha: float
) -> tuple[float, float]:
    """The ends of the set of shifts that are not rejected: order statistics of where each pattern starts to count."""
    centre, moved, kept = reference
    stay, turn = 1.0 - kept, 1.0 + kept
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(stay > 1e-12, (centre - moved) / stay, np.nan)
        other = np.where(turn > 1e-12, (centre + moved) / turn, np.nan)
    if alternative == "two-sided":
        always = int((np.isnan(one) | np.isnan(other)).sum()) + extra
        ends = np.stack([one, other])[:, ~(np.isnan(one) | np.isnan(other))]
        lows, highs = ends.min(axis=0), ends.max(axis=0)
    else:
        always = int(np.isnan(one).sum()) + extra
        lows = highs = one[~np.isnan(one)]
    place = math.floor(alpha * (len(moved) + extra) + 1e-9) - always  # this many more may be missed
    low = float(np.sort(lows)[place]) if 0 <= place < len(lows) else -math.inf
    high = float(np.sort(highs)[::-1][place]) if 0 <= place < len(highs) else math.inf
    return (-math.inf if alternative == "less" else low, math.inf if alternative == "greater" else high)


def _enough(resamples: int) -> None:
    if resamples < 99:
        raise HeldoutError(f"resamples is {resamples}, and a p-value of use takes at least 99")


def _all_signs(n: int) -> Iterator[np.ndarray]:
    codes = np.arange(2**n)
    yield 1.0 - 2.0 * ((codes[:, None] >> np.arange(n)) & 1)


def _random_signs(rng: np.random.Generator, n: int, count: int) -> Iterator[np.ndarray]:
    for size in _blocks(count, n):
        yield 1.0 - 2.0 * rng.integers(0, 2, size=(size, n))


def _all_labels(total: int, m: int) -> Iterator[np.ndarray]:
    picks = np.array(list(combinations(range(total), m)))
    chosen = np.zeros((len(picks), total))
    np.put_along_axis(chosen, picks, 1.0, axis=1)
    yield chosen


def _random_labels(rng: np.random.Generator, total: int, m: int, count: int) -> Iterator[np.ndarray]:
    for size in _blocks(count, total):
        picks = np.argpartition(rng.random((size, total)), m - 1, axis=1)[:, :m]
        chosen = np.zeros((size, total))
        np.put_along_axis(chosen, picks, 1.0, axis=1)
        yield chosen


def _blocks(count: int, width: int) -> Iterator[int]:
    step = max(_CELLS // width, 1)
    for start in range(0, count, step):
        yield min(step, count - start)
