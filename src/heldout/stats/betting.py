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


def first_rejection(outcomes: np.ndarray, mean: float, level: float, looks: Sequence[int]) -> np.ndarray:
    """The index of the first look that rejects "the mean is at most `mean`", one-sided; len(looks) where none does.

    `outcomes`: (claims, units) in [0, 1].
    """
    if not 0.0 < mean < 1.0:  # no mean is above 1; any success shows it above 0
        above = np.atleast_2d(outcomes).sum(axis=1) > 0
        if mean >= 1.0:
            return np.full(len(above), len(looks))
        return np.array([next((k for k, n in enumerate(looks) if row[:n].any()), len(looks)) for row in outcomes])
    rich = log_wealth(outcomes, mean, looks) >= -np.log(level)
    return np.where(rich.any(axis=0), rich.argmax(axis=0), len(looks))


def lower(outcomes: np.ndarray, level: float, looks: Sequence[int]) -> np.ndarray:
    """The least mean not rejected by each look, one-sided at `level`: (looks, claims), never falling.

    Wealth is convex and falling in the logarithm of the mean, so Newton's steps from the left never pass the root.
    """
    data = np.atleast_2d(np.asarray(outcomes, float))
    target, least = -np.log(level), FRACTIONS[0]
    found = np.zeros((len(looks), len(data)))
    for k, n in enumerate(looks):
        greatest = data[:, :n].max(axis=1)
        some = greatest > 0
        if not some.any():
            continue
        here = data[some, :n]
        # below this start one lucky unit alone, at the smallest stake, would have reached the target
        start = np.log(greatest[some] * least / len(FRACTIONS)) + (n - 1) * np.log1p(-least) - target
        found[k, some] = np.exp(_newton(here, np.maximum(start, -690.0), target))
    return np.minimum(np.maximum.accumulate(found, axis=0), 1.0)


def _newton(outcomes: np.ndarray, place: np.ndarray, target: float) -> np.ndarray:
    stakes = FRACTIONS[:, None, None]
    for _ in range(60):
        gains = stakes * outcomes * np.exp(-place)[:, None]
        factors = gains + (1.0 - stakes)
        with np.errstate(divide="ignore", invalid="ignore"):
            wealth, shares = _mixed(np.log(factors).sum(axis=2))
            slopes = np.where(gains > 0, gains / factors, 0.0).sum(axis=2)
        step = np.maximum(wealth - target, 0.0) / (shares * slopes).sum(axis=0)
        place = place + step
        if np.max(step) < 1e-10:
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
