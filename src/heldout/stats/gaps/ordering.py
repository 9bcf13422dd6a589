"""Which factor hurts most, and how sure the order is."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from heldout.stats.gaps import resample
from heldout.stats.gaps.matrix import matrix
from heldout.stats.multiplicity import holm
from heldout.stats.permutation import paired


@dataclass(frozen=True, eq=False)
class Ordering:
    """Factors from the one that hurts most to the one that hurts least.

    `order`: (k,) column numbers. `means`: (k,) mean gaps, by column. `first`: (k,) the share of resamples in which each
    column hurts most. `same`: the share of resamples with this very order. `p`: (k, k) p-values of paired sign-flip tests,
    Holm's over all pairs; the diagonal is 1.
    """

    order: tuple[int, ...]
    means: np.ndarray
    first: np.ndarray
    same: float
    p: np.ndarray

    def settled(self, alpha: float = 0.05) -> int:
        """How many factors from the top are each shown to hurt more than every factor after them."""
        rest = [self.p[one, list(self.order[i + 1 :])].max() for i, one in enumerate(self.order[:-1])]
        open_at = next((i for i, p in enumerate(rest) if p > alpha), len(rest))
        return len(self.order) if open_at == len(rest) else open_at


def ordering(gaps: Any, *, resamples: int = 4000, seed: int = 0) -> Ordering:
    """Orders factors by their mean gap. `gaps`: (units, factors), the loss of each unit on each factor.

    Shares of resamples say how stable the order is when units are drawn anew; they are no p-values. All pairs are
    tested, not only neighbours, as neighbours are known only after looking. Ties in a resample count for the earlier.
    """
    table = matrix(gaps, "the gaps", rows=2, columns=2)
    means, k = table.mean(axis=0), table.shape[1]
    order = tuple(int(i) for i in np.argsort(-means, kind="stable"))
    drawn = np.argsort(-(resample.weights(len(table), resamples, seed) @ table), axis=1, kind="stable")
    pairs = list(combinations(range(k), 2))
    adjusted = holm([paired(table[:, a], table[:, b], seed=seed).p for a, b in pairs])
    p = np.ones((k, k))
    for (a, b), value in zip(pairs, adjusted, strict=True):
        p[a, b] = p[b, a] = value
    return Ordering(
        order, means, np.bincount(drawn[:, 0], minlength=k) / resamples, float((drawn == order).all(axis=1).mean()), p
    )
