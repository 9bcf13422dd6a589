"""How often one system beats the other, for all pairs: the probability of improvement with an interval.

Runs: `heldout.stats.improvement` (every run of one against every run of the other, task by task, an interval from
placements). Shared units: the share of units on which the first is better, ties one half, with Wilson's interval.
"""

import numpy as np
from scipy import special

from heldout.results.units import Units

CELLS = 2_000_000
"""Comparisons held at a time."""

Ends = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Estimate, low and high of every pair."""


def of_runs(scores: np.ndarray, first: np.ndarray, second: np.ndarray) -> Ends:
    """Probability that a run of `first` beats a run of `second`, over the tasks that both have.

    Systems with one run of some common task tell nothing of the spread: their interval is [0, 1].
    """
    cells = scores.shape[1] ** 2 * scores.shape[2]
    step = max(1, CELLS // cells)
    parts = [_of_runs(scores, first[k : k + step], second[k : k + step]) for k in range(0, len(first), step)]
    estimate, low, high = (np.concatenate(part) for part in zip(*parts, strict=True))
    return estimate, low, high


def _of_runs(scores: np.ndarray, first: np.ndarray, second: np.ndarray) -> Ends:
    x, y = scores[first].transpose(0, 2, 1)[..., :, None], scores[second].transpose(0, 2, 1)[..., None, :]
    n, m = ((~np.isnan(one)).sum(axis=(-2, -1)) for one in (x, y))  # (pairs, tasks)
    have = (n > 0) & (m > 0)
    tasks = np.maximum(have.sum(axis=1), 1)
    wins = (x > y) + 0.5 * (x == y)
    share = wins.sum(axis=(-2, -1)) / np.maximum(n * m, 1)
    total, below = np.zeros(len(first)), np.zeros(len(first))
    for axis, own, other, present in ((-1, n, m, ~np.isnan(x[..., 0])), (-2, m, n, ~np.isnan(y[..., 0, :]))):
        placed = np.where(present, wins.sum(axis=axis) / np.maximum(other, 1)[..., None] - share[..., None], 0.0)
        term = (placed**2).sum(axis=-1) / np.maximum(own - 1, 1) / np.maximum(own, 1) / tasks[:, None] ** 2
        term = np.where(have, term, 0.0)
        total, below = total + term.sum(axis=1), below + (term**2 / np.maximum(own - 1, 1)).sum(axis=1)
    freedom = np.divide(total**2, below, out=np.ones(len(total)), where=below > 0)
    margin = np.where(below > 0, special.stdtrit(freedom, 0.975) * np.sqrt(total), 0.0)
    estimate = np.where(have, share, 0.0).sum(axis=1) / tasks
    unknown = (have & (np.minimum(n, m) < 2)).any(axis=1)
    return (
        np.where(have.any(axis=1), estimate, np.nan),
        np.where(unknown, 0.0, np.maximum(estimate - margin, 0.0)),
        np.where(unknown, 1.0, np.minimum(estimate + margin, 1.0)),
    )


def of_units(units: Units, first: np.ndarray, second: np.ndarray, worth: np.ndarray) -> Ends:
    """Share of units on which `first` is better, tasks weighing the same. `worth`: independent units of each pair."""
    starts = np.flatnonzero(np.diff(units.task, prepend=units.task[0] - 1))
    share = np.concatenate(
        [
            _better(units.values, first[k : k + step], second[k : k + step], starts)
            for step in [max(1, CELLS // units.values.shape[1])]
            for k in range(0, len(first), step)
        ]
    )
    return wilson(share, worth)


def of_outcomes(difference: np.ndarray, worth: np.ndarray) -> Ends:
    """The same where every outcome is 0 or 1: a unit is won or lost by exactly its difference."""
    return wilson((1 + difference) / 2, worth)


def _better(values: np.ndarray, first: np.ndarray, second: np.ndarray, starts: np.ndarray) -> np.ndarray:
    d = values[first] - values[second]
    number = np.add.reduceat(~np.isnan(d), starts, axis=1, dtype=float)
    sign = np.add.reduceat(np.sign(np.nan_to_num(d)), starts, axis=1)
    have = number > 0
    share = np.where(have, (1 + sign / np.maximum(number, 1)) / 2, 0.0).sum(axis=1)
    return np.where(have.any(axis=1), share / np.maximum(have.sum(axis=1), 1), np.nan)


def wilson(share: np.ndarray, n: np.ndarray, level: float = 0.95) -> Ends:
    """Wilson's interval (1927) of shares of `n` trials, elementwise; `n` need not be whole."""
    z2, n = special.ndtri((1 + level) / 2) ** 2, np.maximum(n, 1e-9)
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return share, np.clip(centre - reach, 0.0, share), np.clip(centre + reach, share, 1.0)
