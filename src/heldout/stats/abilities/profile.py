"""Ability profiles: for every kind of demand, the level at which a system succeeds half of the time (ADeLe; Zhou et al., 2025)."""

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError


class Level(NamedTuple):
    """Ability on one dimension: the level of demand met half of the time, with its interval.

    An end is infinite where the items cannot bound it, the estimate NaN where success does not fall with demand. `slope`: logits
    lost with each level. `n`: items on which this demand is the highest.
    """

    level: float
    low: float
    high: float
    slope: float
    n: int


def profile(outcomes: Any, demands: Any, level: float = 0.95) -> tuple[Level, ...]:
    """One `Level` for each dimension of demand, from the items on which no other demand is higher.

    `outcomes`: (items,) 0 to 1, NaN where the system lacks an item. `demands`: (items, dimensions) levels, 0 or more. On an item
    with one demand far above the others, the ability for that one decides; where demands are alike several do, and levels
    come out too low. Items of no demand at all are left out.
    """
    y, x = np.asarray(outcomes, dtype=float), np.asarray(demands, dtype=float)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise HeldoutError(f"{y.shape} outcomes and {x.shape} demands: give items, and items x dimensions")
    if not np.isfinite(x).all():
        raise HeldoutError("a demand is not finite: rate every item on every dimension")
    if np.nanmin(y, initial=0) < 0 or np.nanmax(y, initial=1) > 1:
        raise HeldoutError("an outcome lies outside 0 to 1: profiles need shares of success")
    top = (x == x.max(axis=1, keepdims=True)) & (x.max(axis=1, keepdims=True) > 0) & ~np.isnan(y)[:, None]
    return tuple(half(y[top[:, d]], x[top[:, d], d], level) for d in range(x.shape[1]))


def half(outcomes: np.ndarray, demand: np.ndarray, level: float = 0.95) -> Level:
    """The demand at which success is one half, by logistic regression; interval after Fieller (1954).

    The slope has a normal prior of standard deviation 5, which bounds it where outcomes are separated.
    """
    n = len(outcomes)
    nothing = Level(math.nan, -math.inf, math.inf, math.nan, n)
    if n < 3 or np.ptp(demand) == 0:
        return nothing
    beta, covariance = _regression(outcomes, demand)
    estimate = -beta[0] / beta[1] if beta[1] < 0 else math.nan
    z2 = float(special.ndtri((1 + level) / 2)) ** 2
    # levels x at which b0 + b1 x is within z standard errors of zero: a x^2 + 2 b x + c <= 0
    a = beta[1] ** 2 - z2 * covariance[1, 1]
    b = beta[0] * beta[1] - z2 * covariance[0, 1]
    c = beta[0] ** 2 - z2 * covariance[0, 0]
    root = b * b - a * c
    if beta[1] >= 0 or root < 0:
        return nothing._replace(slope=-float(beta[1]), level=float(estimate))
    ends = sorted(float((-b + sign * math.sqrt(root)) / a) for sign in (1, -1)) if a else [-math.inf, math.inf]
    if a > 0:
        return Level(float(estimate), ends[0], ends[1], -float(beta[1]), n)
    # the slope may be zero: one side is open, on the estimate's side of the gap between the two ends
    low, high = (-math.inf, ends[0]) if estimate <= ends[0] else (ends[1], math.inf)
    return Level(float(estimate), low, high, -float(beta[1]), n)


def _regression(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope with their covariance."""
    centre = float(x.mean())
    design = np.stack([np.ones(len(x)), x - centre], axis=1)
    tight = np.diag([1e-4, 5.0**-2])
    beta, matrix = np.zeros(2), tight
    for _ in range(100):
        p = special.expit(design @ beta)
        matrix = (design * (p * (1 - p))[:, None]).T @ design + tight
        step = np.linalg.solve(matrix, design.T @ (y - p) - tight @ beta)
        beta = beta + step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < 1e-10:
            break
    back = np.array([[1.0, -centre], [0.0, 1.0]])
    return back @ beta, back @ np.linalg.inv(matrix) @ back.T
