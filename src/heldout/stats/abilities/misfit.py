"""How outcomes depart from the fitted curves, item by item and system by system."""

from typing import NamedTuple

import numpy as np

from heldout.stats.abilities.logistic import Fit
from heldout.stats.abilities.responses import Responses


class Fitting(NamedTuple):
    """Mean squares of residuals (n,), about 1 where curves fit, with their normal scores.

    `outfit`: unweighted, moved by outliers. `infit`: weighted by the variance, moved by what lies near the ability. `z_outfit`,
    `z_infit`: after Wilson and Hilferty (1931); large where outcomes are more erratic than the curve allows, small where they
    are less.
    """

    outfit: np.ndarray
    infit: np.ndarray
    z_outfit: np.ndarray
    z_infit: np.ndarray


class Misfit(NamedTuple):
    """Fit of every item and of every system."""

    items: Fitting
    systems: Fitting


def misfit(data: Responses, found: Fit) -> Misfit:
    """Infit and outfit (Wright and Masters, 1982), for counts of trials as for single ones."""
    rows, columns = np.zeros((data.items, 6)), np.zeros((data.systems, 6))
    for block in data.blocks():
        sums = _sums(data, block, found)
        rows[block] = np.stack([part.sum(axis=1) for part in sums], axis=1)
        columns += np.stack([part.sum(axis=0) for part in sums], axis=1)
    return Misfit(_fitting(rows), _fitting(columns))


def _sums(data: Responses, block: slice, found: Fit) -> list[np.ndarray]:
    """z^2, its variance, cells; r^2, its variance, variance of y: each (items, systems)."""
    items = found.items.chosen(block)
    p = np.clip(items.probability(found.ability).T, 1e-9, 1 - 1e-9)
    n = np.ones(p.shape) if data.trials is None else data.trials[block].astype(float)
    variance, some = n * p * (1 - p), n > 0
    square = np.where(some, (((data.signed[block] + n) / 2) - n * p) ** 2, 0)
    # fourth central moment of a binomial count
    fourth = variance * (1 + 3 * (n - 2) * p * (1 - p))
    divisor = np.where(some, variance, 1)
    spread = fourth / divisor**2 - 1
    return [square / divisor, np.where(some, spread, 0), some * 1.0, square, fourth - variance**2, variance]


def _fitting(sums: np.ndarray) -> Fitting:
    z, z_spread, n, r, r_spread, v = sums.T
    n, v = np.maximum(n, 1), np.maximum(v, 1e-12)
    return Fitting(z / n, r / v, _normal(z / n, np.sqrt(z_spread) / n), _normal(r / v, np.sqrt(r_spread) / v))


def _normal(mean_square: np.ndarray, spread: np.ndarray) -> np.ndarray:
    spread = np.clip(spread, 1e-6, 3.0)
    return (np.cbrt(mean_square) - 1) * 3 / spread + spread / 3
