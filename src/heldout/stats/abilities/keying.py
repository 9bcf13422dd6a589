"""Items that weaker systems solve more often than stronger ones: perhaps wrongly keyed."""

from typing import NamedTuple

import numpy as np
from scipy import special

from heldout.stats.abilities.responses import Responses
from heldout.stats.multiplicity import benjamini_hochberg


class Keying(NamedTuple):
    """Of every item. `correlation`: of outcome with ability, NaN where either is constant.

    `p`: of one that is not negative, among all items (false discovery rate).
    """

    correlation: np.ndarray
    p: np.ndarray


def keying(data: Responses, ability: np.ndarray) -> Keying:
    """Correlation of each item's success rates with abilities (point-biserial for 0/1), tested for being below zero.

    Student's t with n - 2 degrees of freedom; abilities hardly depend on the item where there are many.
    """
    rates = data.means().astype(float)
    some = ~np.isnan(rates)
    n = some.sum(axis=1)
    theta = np.where(some, ability, 0.0)
    theta = np.where(some, theta - (theta.sum(axis=1) / np.maximum(n, 1))[:, None], 0)
    y = np.where(some, rates, 0.0)
    y = np.where(some, y - (y.sum(axis=1) / np.maximum(n, 1))[:, None], 0)
    size = np.sqrt((theta**2).sum(axis=1) * (y**2).sum(axis=1))
    known = (size > 1e-12) & (n > 2)
    correlation = np.divide((theta * y).sum(axis=1), size, out=np.full(data.items, np.nan), where=known)
    p = np.ones(data.items)
    if known.any():
        r, freedom = np.clip(correlation[known], -1, 1), (n[known] - 2).astype(float)
        t = r * np.sqrt(freedom / np.maximum(1 - r**2, 1e-12))
        p[known] = benjamini_hochberg(special.stdtr(freedom, t))
    return Keying(correlation, p)
