"""Standard errors of abilities and items from the observed information of both together."""

from typing import NamedTuple

import numpy as np
from scipy import linalg

from heldout.stats.abilities.logistic import Fit, tanh_half
from heldout.stats.abilities.responses import Responses

MOST = 1_500
"""Systems up to which the errors of items are carried over to abilities; beyond it items are taken as known."""


class Errors(NamedTuple):
    """Standard errors. `ability`: (systems,) from the mean ability. `slope`: (items,) of log a. `difficulty`: (items,).

    `covariance`: (systems, systems) of the abilities about their mean, so that the error of any difference follows; None for
    very many systems. Guessing rates are taken as known.
    """

    ability: np.ndarray
    slope: np.ndarray
    difficulty: np.ndarray
    covariance: np.ndarray | None


def errors(data: Responses, found: Fit) -> Errors:
    """Errors of a joint fit: the inverse of the observed information, the items' part of it worked out item by item.

    O(systems^2 items) time and O(systems x items) memory up to MOST systems, else O(systems x items).
    """
    own, cross, within = _information(data, found)
    inverse = _inverse(within)
    if data.systems > MOST:
        return _apart(own, cross, inverse)
    # L with inverse = L L', so that L' cross is what each item takes from the abilities' information
    low = np.zeros_like(inverse)
    low[:, 0, 0] = np.sqrt(inverse[:, 0, 0])
    low[:, 1, 0] = inverse[:, 1, 0] / np.maximum(low[:, 0, 0], 1e-30)  # zero where an item has no slope of its own
    low[:, 1, 1] = np.sqrt(np.maximum(inverse[:, 1, 1] - low[:, 1, 0] ** 2, 0))
    low = low.astype(cross.dtype)
    taken = np.stack(
        [
            low[:, 0, 0, None] * cross[:, 0] + low[:, 1, 0, None] * cross[:, 1],
            low[:, 1, 1, None] * cross[:, 1],
        ]
    )
    flat = taken.reshape(-1, data.systems)
    left = np.diag(own) - (flat.T @ flat).astype(float)
    whole = linalg.cho_factor(left, lower=True)
    covariance = linalg.cho_solve(whole, np.eye(data.systems))
    covariance -= covariance.mean(axis=0)
    covariance -= covariance.mean(axis=1, keepdims=True)
    ability = np.sqrt(np.diag(covariance))
    root = np.linalg.cholesky(covariance + 1e-10 * np.eye(data.systems)).astype(cross.dtype)
    moved = (flat @ root).reshape(2, data.items, -1)
    slope = inverse[:, 0, 0] + ((low[:, 0, 0, None] * moved[0]) ** 2).sum(axis=1)
    shift = low[:, 1, 0, None] * moved[0] + low[:, 1, 1, None] * moved[1]
    return Errors(ability, np.sqrt(slope), np.sqrt(inverse[:, 1, 1] + (shift**2).sum(axis=1)), covariance)


def _apart(own: np.ndarray, cross: np.ndarray, inverse: np.ndarray) -> Errors:
    """Abilities as if items were known, items as if abilities were nearly so."""
    del cross
    return Errors(1 / np.sqrt(own), np.sqrt(inverse[:, 0, 0]), np.sqrt(inverse[:, 1, 1]), None)


def _information(data: Responses, found: Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minus the second derivatives of the log posterior: abilities (systems,), cross (items, 2, systems), items (items, 2, 2)."""
    items, prior = found.items, found.prior
    own = np.full(data.systems, 1 / prior.ability**2)
    cross = np.empty((data.items, 2, data.systems), data.signed.dtype)
    within = np.zeros((data.items, 2, 2))
    for block in data.blocks():
        a, b = items.slope[block, None], items.difficulty[block, None]
        r, w = _weights(data, block, found)
        eta = a * (found.ability - b)
        own += (a**2 * w).sum(axis=0)
        cross[block, 0] = a * (w * eta - r)
        cross[block, 1] = -(a**2) * w
        within[block, 0, 0] = (w * eta**2 - r * eta).sum(axis=1)
        within[block, 0, 1] = (a * (r - w * eta)).sum(axis=1)
        within[block, 1, 1] = (a**2 * w).sum(axis=1)
    within[:, 1, 0] = within[:, 0, 1]
    within += np.diag([1 / prior.slope**2, 1 / prior.difficulty**2])
    if found.model == "1pl":
        cross[:, 0] = within[:, 0, 1] = within[:, 1, 0] = 0
        within[:, 0, 0] = np.inf
    return own, cross, within


def _weights(data: Responses, block: slice, found: Fit) -> tuple[np.ndarray, np.ndarray]:
    """Residuals y - nP and n P (1 - P); with guessing, those of the same curve seen through the guesses."""
    tried = 1.0 if data.trials is None else data.trials[block]
    half = tanh_half(data, block, found.ability, found.items)
    if found.model != "3pl":
        return (data.signed[block] - tried * half) / 2, tried * (1 - half**2) / 4
    rising, floor = (1 + half) / 2, found.items.floor[block, None]
    hit = floor + (1 - floor) * rising
    weight = tried * (1 - floor) * rising**2 * (1 - rising) / hit
    return ((data.signed[block] + tried) / 2 - tried * hit) * rising / hit, weight


def _inverse(within: np.ndarray) -> np.ndarray:
    """(items, 2, 2) inverses; an item without a slope of its own has no error in it."""
    a, b, c = within[:, 0, 0], within[:, 0, 1], within[:, 1, 1]
    fixed = np.isinf(a)
    a = np.where(fixed, 1.0, a)
    determinant = np.maximum(a * c - b * b, 1e-12)
    made = np.stack([np.stack([c, -b], -1), np.stack([-b, a], -1)], -2) / determinant[:, None, None]
    made[fixed, 0] = made[fixed, :, 0] = 0
    return made
