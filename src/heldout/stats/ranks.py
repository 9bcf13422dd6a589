"""How sure ranks are: the probability of every rank, and intervals for all ranks at once.

Ranks are 1 for the best. A rank interval counts the systems that are shown to be better and those shown to be worse,
all pairs taken together (Mogstad, Romano, Shaikh and Wilhelm, "Inference for Ranks", 2020, with the step-down of Romano
and Wolf 2005), so that with the level's probability every interval holds its system's true rank.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from heldout.core.errors import HeldoutError


class Errors(NamedTuple):
    """How far estimates might lie from the truth: draws and scales.

    `draws`: (B, systems) errors of the estimates, jointly. `scale`: (systems, systems) standard errors of the
    differences.
    """

    draws: np.ndarray
    scale: np.ndarray


class RankIntervals(NamedTuple):
    """First and last rank that each system may hold, (systems,) integers, and which system is shown to beat which."""

    low: np.ndarray
    high: np.ndarray
    above: np.ndarray


def probabilities(points: np.ndarray) -> np.ndarray:
    """Share of the resamples in which each system has each rank: (B, systems) points to (systems, systems).

    Rows are systems, columns ranks; both add up to one. Tied systems share their ranks, systems without points (NaN)
    share the last ones.
    """
    points = np.where(np.isnan(points), -np.inf, points)
    first, last = (rankdata(-points, method=method, axis=1).astype(int) for method in ("min", "max"))
    n = points.shape[1]
    share = 1.0 / (last - first + 1)
    # each resample adds its share from the first rank to the last: a step up, a step down, and a running sum
    steps = np.zeros((n, n + 1))
    system = np.broadcast_to(np.arange(n), first.shape)
    np.add.at(steps, (system, first - 1), share)
    np.add.at(steps, (system, last), -share)
    return np.clip(np.cumsum(steps, axis=1)[:, :n] / len(points), 0.0, 1.0)


def intervals(estimates: np.ndarray, errors: Errors, level: float = 0.95) -> RankIntervals:
    """Simultaneous intervals of the ranks of (systems,) estimates, more being better.

    A pair is told apart where its difference over its scale exceeds the `level` quantile of the largest such ratio
    among the draws, over the pairs not yet told apart. Differences without any error are taken at their word.
    """
    estimates = np.asarray(estimates, dtype=float)
    n = len(estimates)
    if errors.draws.shape[1:] != (n,) or errors.scale.shape != (n, n):
        raise HeldoutError(f"{n} estimates need errors of shape (draws, {n}) and scales of shape ({n}, {n})")
    difference = estimates[:, None] - estimates[None, :]
    certain = (errors.scale == 0) & (difference > 0)
    first, second = np.nonzero((errors.scale > 0) & ~np.eye(n, dtype=bool))
    scale = errors.scale[first, second]
    observed = difference[first, second] / scale
    told = np.zeros(len(first), dtype=bool)
    while not told.all():
        critical = np.quantile(_largest(errors.draws, first[~told], second[~told], scale[~told]), level)
        fresh = ~told & (observed > critical)
        if not fresh.any():
            break
        told |= fresh
    above = certain.copy()
    above[first[told], second[told]] = True
    return RankIntervals(1 + above.sum(axis=0), n - above.sum(axis=1), above)


def _largest(draws: np.ndarray, first: np.ndarray, second: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(B,) largest ratio of the pairs in each draw, a few draws at a time so that many systems fit in memory."""
    parts = np.array_split(draws, max(1, len(draws) * len(first) // 4_000_000))
    return np.concatenate([((part[:, first] - part[:, second]) / scale).max(axis=1) for part in parts])


def paired_errors(table: np.ndarray, draws: int, rng: np.random.Generator) -> Errors:
    """Errors of the column means of (units, systems) data whose rows are tasks, items or seeds that all systems share.

    Normal multipliers on the deviations, over the root of a chi-square per degree of freedom: for two systems this is
    exactly the paired t test. The means are those of more units like these.
    """
    table = np.asarray(table, dtype=float)
    units = len(table)
    if table.ndim != 2 or units < 2 or np.isnan(table).any():
        raise HeldoutError(
            f"paired errors need a complete units x systems table of two units or more, not {table.shape}"
        )
    off = table - table.mean(axis=0)
    root = np.sqrt(rng.chisquare(units - 1, size=(draws, 1)) / (units - 1))
    drawn = rng.standard_normal((draws, units)) @ off / np.sqrt(units * (units - 1)) / root
    return Errors(drawn, np.sqrt(((off[:, :, None] - off[:, None, :]) ** 2).sum(axis=0) / (units * (units - 1))))


def independent_errors(error: np.ndarray, freedom: np.ndarray, draws: int, rng: np.random.Generator) -> Errors:
    """Errors of estimates that share nothing, from their (systems,) standard errors and degrees of freedom.

    As `heldout.stats.stratified.spread` gives them for aggregates over fixed tasks; each error is a Student t.
    """
    error = np.asarray(error, dtype=float)
    if not np.isfinite(error).all():
        raise HeldoutError("a standard error is not finite: rank intervals need two runs of some task of every system")
    drawn = rng.standard_t(freedom, size=(draws, len(error))) * error
    return Errors(drawn, np.hypot(error[:, None], error[None, :]))
