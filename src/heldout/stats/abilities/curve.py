"""Item response curves: the probability of success by ability, and what an outcome tells of ability."""

from typing import Any, NamedTuple

import numpy as np
from scipy import special


class Items(NamedTuple):
    """Curves P = c + (1 - c) / (1 + exp(-a (theta - b))) of items (Birnbaum, 1968).

    `slope`: (items,) a, the discrimination. `difficulty`: (items,) b. `floor`: (items,) c, the guessing rate, 0 for the one-
    and two-parameter models.
    """

    slope: np.ndarray
    difficulty: np.ndarray
    floor: np.ndarray

    def chosen(self, which: Any) -> "Items":
        """Some of the items."""
        return Items(self.slope[which], self.difficulty[which], self.floor[which])

    def probability(self, ability: Any) -> np.ndarray:
        """(..., items) probabilities of success for abilities of shape (...)."""
        rising = special.expit(self.slope * (np.asarray(ability, dtype=float)[..., None] - self.difficulty))
        return self.floor + (1 - self.floor) * rising

    def information(self, ability: Any) -> np.ndarray:
        """(..., items) Fisher information on the ability in one outcome: a^2 P (1 - P) without guessing."""
        rising = special.expit(self.slope * (np.asarray(ability, dtype=float)[..., None] - self.difficulty))
        hit = self.floor + (1 - self.floor) * rising
        # (1 - c)^2 s^2 (1 - s)^2 / (P (1 - P)) with the vanishing factor 1 - s cancelled
        return self.slope**2 * (1 - self.floor) * rising**2 * (1 - rising) / np.maximum(hit, 1e-300)
