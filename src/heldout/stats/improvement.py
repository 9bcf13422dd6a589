"""Probability of improvement: how often a run of one system beats a run of the other, averaged over tasks.

Per task the Mann-Whitney statistic U / (n m), ties counting one half (Agarwal et al., 2021). Tables are (runs, tasks)
with NaN where a run is missing; only tasks that both systems have enter, each with the same weight.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap
from heldout.stats.aggregate import Estimate


def per_task(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """P(run of `a` beats run of `b`) on each task: (n, T), (m, T) to (T,), NaN where a system lacks the task."""
    a, b = _matched(a, b)
    return np.array([_wins(x, y).mean() if len(x) and len(y) else np.nan for x, y in _tasks(a, b)])


def probability(a: np.ndarray, b: np.ndarray) -> float:
    """Mean over the common tasks of the probability that a run of `a` beats a run of `b`."""
    return float(np.nanmean(per_task(a, b)))


def interval(a: np.ndarray, b: np.ndarray, level: float = 0.95) -> Estimate:
    """Probability of improvement with a t interval from placements, cut to [0, 1]; it keeps its level with few runs.

    A placement is the share of the other system's runs that a run beats; their variances within tasks add up, with
    Satterthwaite's degrees of freedom. On one task this is the interval of Brunner and Munzel (2000). Placements that
    do not vary (one system always wins) leave no width; infinitely little is known from single runs: [0, 1].
    """
    a, b = _matched(a, b)
    common = [(x, y) for x, y in _tasks(a, b) if len(x) and len(y)]
    estimate, total, below = probability(a, b), 0.0, 0.0
    for x, y in common:
        wins = _wins(x, y)
        if min(wins.shape) < 2:
            return Estimate(np.asarray(estimate), np.asarray(0.0), np.asarray(1.0))
        for placements in (wins.mean(axis=1), wins.mean(axis=0)):
            term = placements.var(ddof=1) / len(placements) / len(common) ** 2
            total, below = total + term, below + term**2 / (len(placements) - 1)
    margin = stats.t.ppf((1 + level) / 2, total**2 / below) * np.sqrt(total) if below > 0 else 0.0
    return Estimate(
        np.asarray(estimate), np.asarray(max(0.0, estimate - margin)), np.asarray(min(1.0, estimate + margin))
    )


def draws(
    tables: Sequence[np.ndarray], pairs: Sequence[tuple[int, int]], resamples: int, rng: np.random.Generator
) -> np.ndarray:
    """Stratified bootstrap of the probability of improvement for pairs of tables: (len(pairs), resamples).

    Every system is resampled once and serves in all its pairs; per task the resampled U is c_a' W c_b of the counts.
    """
    tables = [aggregate.table(table) for table in tables]
    for one in tables[1:]:
        _matched(tables[0], one)
    counts = [_counts_by_task(table, resamples, rng) for table in tables]
    found = np.zeros((len(pairs), resamples))
    for row, (first, second) in enumerate(pairs):
        common = sorted(counts[first].keys() & counts[second].keys())
        if not common:
            raise HeldoutError("the two systems have no task in common: probability of improvement needs one")
        for task in common:
            x, y = (table[~np.isnan(table[:, task]), task] for table in (tables[first], tables[second]))
            inner = _wins(x, y).T @ counts[first][task]
            found[row] += (inner * counts[second][task]).sum(axis=0) / (len(x) * len(y))
        found[row] /= len(common)
    return found


def _counts_by_task(table: np.ndarray, resamples: int, rng: np.random.Generator) -> dict[int, np.ndarray]:
    pooled = bootstrap.pool(table)
    drawn = bootstrap.counts(pooled, resamples, rng).astype(float)
    present = np.flatnonzero(aggregate.runs_per_task(table))
    return {
        int(task): drawn[start : start + runs]
        for task, start, runs in zip(present, pooled.starts, pooled.runs, strict=True)
    }


def _matched(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = aggregate.table(a), aggregate.table(b)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise HeldoutError(
            f"tables of shapes {a.shape} and {b.shape} are not over the same tasks: give runs x tasks each"
        )
    if not ((aggregate.runs_per_task(a) > 0) & (aggregate.runs_per_task(b) > 0)).any():
        raise HeldoutError("the two systems have no task in common: probability of improvement needs one")
    return a, b


def _tasks(a: np.ndarray, b: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(x[~np.isnan(x)], y[~np.isnan(y)]) for x, y in zip(a.T, b.T, strict=True)]


def _wins(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (x[:, None] > y) + 0.5 * (x[:, None] == y)
