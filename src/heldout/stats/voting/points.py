"""Points that a rule gives to systems, and the ranks, winners and agreement that follow from them."""

from collections.abc import Callable
from typing import Any

import numpy as np

Rule = Callable[[np.ndarray, np.ndarray | None], np.ndarray]
"""(systems, tasks) scores and (tasks,) weights to (systems,) points, more being better, NaN for no ballot at all."""

DIGITS = 9
"""Points that agree to so many digits are tied: weighted sums in another order differ in the last ones."""


def rounded(points: np.ndarray) -> np.ndarray:
    """Points without the digits in which only the order of summation shows."""
    return np.round(points, DIGITS)


def ranks(points: np.ndarray) -> np.ndarray:
    """Ranks of (systems,) points, 1 the best; tied systems share the mean of their ranks, NaN points come last."""
    _, place, tied = np.unique(
        np.where(np.isnan(points), np.inf, -rounded(points)), return_inverse=True, return_counts=True
    )
    return (np.cumsum(tied) - (tied - 1) / 2)[place]


def winners(points: np.ndarray) -> np.ndarray:
    """Indices of the systems with most points, more than one where they tie, none where nobody has points."""
    if np.isnan(points).all():
        return np.empty(0, dtype=int)
    return np.flatnonzero(rounded(points) == np.nanmax(rounded(points)))


def agreement(first: np.ndarray, second: np.ndarray) -> float:
    """Kendall's tau-b between the orders of two vectors of points; 1 where neither orders anything."""
    a, b = ranks(first), ranks(second)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return float(np.ptp(a) == np.ptp(b))
    from scipy.stats import kendalltau  # a second to import, which compare does without

    answer: Any = kendalltau(a, b)
    return round(float(answer.statistic), 12)


def top(points: np.ndarray, k: int) -> frozenset[int]:
    """The systems ranked among the first k, all of those tied with the k-th included."""
    order = ranks(points)
    return frozenset(np.flatnonzero(order <= np.sort(order)[min(k, len(order)) - 1]).tolist())
