"""Metrics of k answers to one question: what it is worth to have j of them right."""

import math
from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError

ROUNDING = 1e-9
"""tau * k may come out a little above a whole number: 0.55 * 100 is not 55 to a computer."""


@dataclass(frozen=True)
class Metric:
    """`worth`: (k + 1,) from 0 to 1, never falling: what j right answers of k drawn are worth."""

    name: str
    worth: tuple[float, ...]

    @property
    def k(self) -> int:
        """How many answers are drawn."""
        return len(self.worth) - 1

    @property
    def weights(self) -> np.ndarray:
        """The worth as an array."""
        return np.array(self.worth)


def pass_at_k(k: int) -> Metric:
    """Any of k right (Chen et al., 2021): what sampling more can find."""
    return _threshold(f"pass@{_checked(k)}", k, 1)


def pass_all_k(k: int) -> Metric:
    """All of k right, pass^k (Yao et al., 2024): what can be relied on."""
    return _threshold(f"pass^{_checked(k)}", k, k)


def g_pass_at_k(k: int, tau: float) -> Metric:
    """At least a share `tau` of k right, and one at least (Liu et al., 2024, equation 4)."""
    if not 0 <= tau <= 1:
        raise HeldoutError(f"tau is {tau}: the share that has to be right lies between 0 and 1")
    return _threshold(f"G-Pass@{_checked(k)}({tau:g})", k, max(1, math.ceil(tau * k - ROUNDING)))


def mg_pass_at_k(k: int) -> Metric:
    """2/k times the sum of G-Pass@k(i/k) for i from ceil(k/2) + 1 to k (Liu et al., 2024, equation 6).

    As published, a sum in place of the area under G-Pass@k above a half. It has k/2 terms only where k is even; of an odd k
    a perfect system would score (k - 1)/k, and of one sample 0, so an odd k is refused.
    """
    if _checked(k) % 2:
        raise HeldoutError(f"mG-Pass@{k}: k must be even, else even a perfect system scores less than 1")
    return Metric(f"mG-Pass@{k}", tuple(2 / k * max(0, j - k // 2) for j in range(k + 1)))


def _threshold(name: str, k: int, least: int) -> Metric:
    return Metric(name, tuple(float(j >= least) for j in range(k + 1)))


def _checked(k: int) -> int:
    if k < 1:
        raise HeldoutError(f"k is {k}: at least one answer has to be drawn")
    return k
