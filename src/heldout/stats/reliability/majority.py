"""Majority voting: how often the most frequent of k answers is the right one."""

from collections.abc import Sequence
from math import comb

import numpy as np

from heldout.core.errors import HeldoutError

MOST = 500
"""So many samples are counted exactly; beyond it numbers of draws leave the range of floating point."""


def exact(right: int, wrong: Sequence[int], k: int) -> float:
    """The chance that the right answer wins among k of an item's samples, drawn without replacement; ties by lot.

    `right`: how many samples gave the right answer; `wrong`: how many gave each of the wrong ones. NaN where there are
    fewer than k samples. Counted over all draws, not simulated: work grows as k**2 times the number of samples.
    """
    wrong = [int(w) for w in wrong if w]
    n = right + sum(wrong)
    if k < 1 or right < 0 or any(w < 0 for w in wrong):
        raise HeldoutError(f"majority@{k} of {right} right and {wrong} wrong answers: counts must not be negative")
    if n < k:
        return float("nan")
    if n > MOST:
        raise HeldoutError(f"{n} samples are too many to count over; use simulated() beyond {MOST}")
    share = sum(comb(right, t) * _others(wrong, t, k - t) for t in range(1, min(right, k) + 1))
    return float(share / comb(n, k))


def _others(wrong: Sequence[int], most: int, drawn: int) -> float:
    """Ways to draw so many wrong answers, none oftener than `most`, each weighed by 1 / (1 + answers drawn `most` times)."""
    ties = drawn // most
    ways = np.zeros((ties + 1, drawn + 1))
    ways[0, 0] = 1.0
    for often in wrong:
        more = np.zeros_like(ways)
        for x in range(min(often, most, drawn) + 1):
            times = float(comb(often, x))
            if x < most:
                more[:, x:] += times * ways[:, : drawn + 1 - x]
            else:
                more[1:, x:] += times * ways[:-1, : drawn + 1 - x]
        ways = more
    return float((ways[:, drawn] / np.arange(1, ties + 2)).sum())


def simulated(right: int, wrong: Sequence[int], k: int, rng: np.random.Generator, draws: int = 10_000) -> float:
    """The same by drawing: standard error at most 0.5 / sqrt(draws)."""
    counts = np.array([right, *wrong])
    if counts.sum() < k:
        return float("nan")
    drawn = rng.multivariate_hypergeometric(counts, k, size=draws, method="marginals")
    top = drawn.max(axis=1)
    tied = (drawn == top[:, None]).sum(axis=1)
    return float(((drawn[:, 0] == top) / tied).mean())
