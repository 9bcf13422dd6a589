"""Strengths as where a random walk ends up that goes from losers to winners (Negahban, Oh and Shah, 2012).

From a system the walk goes to an opponent with probability proportional to the share of their battles that the opponent
won. Its stationary distribution is proportional to exp(strength) where battles follow Bradley and Terry; no likelihood
is maximised, and few distant battles can make much difference.
"""

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings.connectivity import connectivity
from heldout.stats.ratings.counts import Counts
from heldout.stats.ratings.resampling import Drawer


def rank_centrality(counts: Counts, *, prior: float = 0.0) -> np.ndarray:
    """(systems,) log-strengths around 0; `prior`: wins each way added to every pair that met.

    HeldoutError where wins do not link everybody both ways and no prior is given: the walk would end with some.
    """
    if not connectivity(counts).whole and prior <= 0:
        raise HeldoutError(
            "wins do not link all systems both ways: rate a connected group, or give a prior such as 0.1"
        )
    return walk(counts.points(), prior)


def interval(
    counts: Counts, resamples: int, rng: np.random.Generator, *, level: float = 0.95, prior: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile intervals of the log-strengths, (systems,) each, from resamples of the battles.

    Whole clusters are drawn where the counts were made with them: battles of one voter or prompt move together.
    """
    found = []
    for drawn in np.moveaxis(Drawer(counts).draw(resamples, rng), -1, 0):
        one = Counts(counts.systems, counts.first, counts.second, drawn, counts.ordered)
        found.append(walk(one.points(), 0.0 if connectivity(one).whole else prior))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def walk(points: np.ndarray, prior: float = 0.0) -> np.ndarray:
    """Log of the stationary distribution, around 0, from (systems, systems) wins of the row over the column."""
    met = (points + points.T) > 0
    wins = points + prior * met
    total = wins + wins.T
    share = np.divide(wins.T, total, out=np.zeros_like(wins), where=total > 0)  # from row to column: the column's wins
    step = share / met.sum(axis=1).max()
    np.fill_diagonal(step, 0.0)
    flow = step.T - np.diag(step.sum(axis=1))
    flow[-1] = 1.0  # one balance follows from the others: the shares add up to one instead
    target = np.zeros(len(points))
    target[-1] = 1.0
    shares = np.linalg.solve(flow, target)
    if (shares <= 0).any():
        raise HeldoutError("the random walk leaves some systems for good: they never won against the others")
    logs = np.log(shares)
    return logs - logs.mean()
