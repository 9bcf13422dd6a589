"""What is added where battles alone do not say how strong systems are, and nowhere else.

Half a win each way (Jeffreys' prior of one pair), on pairs that met and that lead from one component of the graph of
wins to another; a system's pairs share it, so that somebody who won everything is held down by half a loss in all, and
whoever is linked both ways is left as battles rate them.
"""

import numpy as np

from heldout.stats.ratings.connectivity import Connectivity
from heldout.stats.ratings.counts import Counts

WINS = 0.5


def weights(counts: Counts, linked: Connectivity, *, tied: bool) -> np.ndarray:
    """(pairs,) wins to add each way; zeros where the likelihood has a maximum. `tied`: ties have a parameter of their own."""
    across = linked.beaten[counts.first] != linked.beaten[counts.second]  # in a resample also pairs that met no more
    if not across.any():
        if linked.exists(tied=tied):
            return np.zeros(len(counts.first))
        across = np.ones(len(counts.first), bool)  # wins go round nowhere, and only ties link both ways
    degree = np.bincount(np.concatenate([counts.first[across], counts.second[across]]), minlength=counts.systems)
    most = np.maximum(np.maximum(degree[counts.first], degree[counts.second]), 1)
    return np.where(across, WINS / most, 0.0)


def added(counts: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(pairs, 3, ...) counts with so many wins each way on each of the (pairs,)."""
    if not weight.any():
        return counts
    made = counts.copy()
    made[:, [0, 2]] += weight.reshape(-1, 1, *([1] * (counts.ndim - 2)))
    return made
