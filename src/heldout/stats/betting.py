"""Tests and confidence sequences for the mean of bounded outcomes of any shape, by betting.

Someone who stakes a fraction f of their wealth on "the mean is above c" at every unit multiplies it by 1 + f (y - c) / c.
If the mean is c or less nobody's expected wealth grows, nor does the average over several fractions: to see it reach
1 / level has probability at most `level`, however often one looks (Ville 1939; Waudby-Smith and Ramdas 2024).
"""

from collections.abc import Sequence

import numpy as np

FRACTIONS = np.array([0.03, 0.06, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0])
"""The stakes, mixed evenly: small ones for small effects, the whole wealth for perfect runs."""


def log_wealth(outcomes: np.ndarray, mean: float | np.ndarray, looks: Sequence[int]) -> np.ndarray:
    """The logarithm of the wealth bet on "above `mean`", at each look: (looks, claims).

    `outcomes`: (claims, units) in [0, 1]. `mean`: one number, or one per claim, in (0, 1].
    """
    relative = np.atleast_2d(outcomes) / np.reshape(mean, (-1, 1)) - 1.0
    with np.errstate(divide="ignore"):
        grown = np.cumsum(np.log1p(FRACTIONS[:, None, None] * relative), axis=2)
    return np.array([_mixed(grown[:, :, n - 1])[0] for n in looks])


def _mixed(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The logarithm of the mean over the first axis, and each row's share in it."""
    top = np.max(logs, axis=0)
    top = np.where(np.isfinite(top), top, 0.0)
    shares = np.exp(logs - top)
    total = shares.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(total / len(logs)) + top, shares / total


def first_rejection(outcomes: np.ndarray, mean: np.ndarray | float, level: float, looks: Sequence[int]) -> np.ndarray:
    """The index of the first look that rejects "the mean is at most `mean`", one-sided; len(looks) where none does.

    `outcomes`: (claims, units) in [0, 1]. `mean`: one number, or one per claim; none is above 1, and one unit above 0
    shows that it is not 0.
    """
    data = np.atleast_2d(outcomes)
    means = np.broadcast_to(np.asarray(mean, float), len(data))
    inside = (means > 0.0) & (means < 1.0)
    rich = log_wealth(data, np.where(inside, means, 0.5), looks) >= -np.log(level)
    positive = np.array([data[:, :n].max(axis=1) > 0 for n in looks])
    rich = np.where(inside, rich, positive & (means <= 0.0))
    return np.where(rich.any(axis=0), rich.argmax(axis=0), len(looks))


def lower(outcomes: np.ndarray, level: float, looks: Sequence[int]) -> np.ndarray:
    """The least mean not rejected by each look, one-sided at `level`: (looks, claims), never falling.

    Wealth is convex and falling in the logarithm of the mean, so that Newton's steps, from wherever they start, land
    left of the root and never pass it again.
    """
    data = np.atleast_2d(np.asarray(outcomes, float))
    found = np.zeros((len(looks), len(data)))
    for k, n in enumerate(looks):
        here = data[:, :n]
        some = here.max(axis=1) > 0
        if some.any():
            found[k, some] = np.exp(_newton(here[some], _start(here[some]), -np.log(level)))
    return np.minimum(np.maximum.accumulate(found, axis=0), 1.0)


def _start(outcomes: np.ndarray) -> np.ndarray:
    """A guess at the logarithm of the end: three standard errors, or what the greatest stake could earn, below the mean."""
    n, centre = outcomes.shape[1], outcomes.mean(axis=1)
    far = np.minimum(3.0 * outcomes.std(axis=1) / np.sqrt(n) / centre, 6.0)
    return np.log(centre) - np.maximum(far, 6.0 / n)


def _newton(outcomes: np.ndarray, place: np.ndarray, target: float) -> np.ndarray:
    stakes = FRACTIONS[:, None, None]
    for round_ in range(60):
        gains = (stakes * np.exp(-place)[:, None]) * outcomes
        factors = gains + (1.0 - stakes)
        with np.errstate(divide="ignore", invalid="ignore"):
            wealth, shares = _mixed(np.log(factors).sum(axis=2))
            gains /= factors
        slopes = np.nan_to_num(gains, copy=False, nan=0.0).sum(axis=2)
        step = (wealth - target) / (shares * slopes).sum(axis=0)
        if round_:  # only the first may go left, and rounding must not
            step = np.maximum(step, 0.0)
        place = place + step
        if round_ and np.max(step) < 1e-7:
            break
    return place


def limits(outcomes: np.ndarray, level: float, looks: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The means not rejected by each look, two-sided at `level`: two arrays (looks, claims), nested in time."""
    data = np.atleast_2d(np.asarray(outcomes, float))
    return lower(data, level / 2, looks), 1.0 - lower(1.0 - data, level / 2, looks)


def onto_unit(values: np.ndarray | float, bounds: tuple[float, float]) -> np.ndarray:
    """Values within `bounds` mapped onto [0, 1]."""
    low, high = bounds
    return np.clip((np.asarray(values, float) - low) / (high - low), 0.0, 1.0)
