"""Rules that rank systems from sparse (systems, samples) measurements of mixed kinds: points, more being better."""

from typing import Any

import numpy as np

from heldout.stats.ratings import onebench
from heldout.stats.ratings.elo import elo as online


def plackett_luce(values: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """ONEBench: every sample orders those measured on it; Plackett-Luce by the pairs of all orders."""
    return onebench.rank(values, errors=False).strength


def elo(values: np.ndarray, key: Any) -> np.ndarray:
    """The same pairs by Elo with k = 32, in random order."""
    counts = onebench.comparisons(values, clustered=False)
    wins = counts.counts[:, [0, 2]].astype(int)
    pair = np.repeat(np.arange(len(wins)), wins.sum(axis=1))
    won = np.concatenate([np.repeat([1.0, 0.0], both) for both in wins]) if len(wins) else np.empty(0)
    order = key.generator().permutation(len(pair))
    pair, won = pair[order], won[order]
    return online(counts.first[pair], counts.second[pair], won, systems=len(values))


def mean(values: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """The mean of what was measured, whatever its scale; the least of all for a system without any."""
    seen = ~np.isnan(values)
    total = np.where(seen, values, 0.0).sum(axis=1)
    return np.where(seen.any(axis=1), total / np.maximum(seen.sum(axis=1), 1), -np.inf)
