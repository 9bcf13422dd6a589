"""Intervals for aggregates that keep their level with few runs per task.

The percentile bootstrap of three or five runs is too short: it takes the spread between three runs for the spread
between all runs. Here that spread is Student's. The tasks are taken as given (they are the strata): the intervals tell
how far other runs of these tasks would have led. All take (..., runs, tasks) with NaN where a run is missing; a task
with a single run borrows the average variance of the others. Where no task has two runs nothing is known of the spread
and the ends are infinite. Where all runs of every task agree the interval has no width: right for systems that repeat
themselves exactly, and an accident to be pointed out for all others.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap
from heldout.stats.aggregate import Estimate

DRAWS = 4_000
CLIP = 12.0
"""Largest |t| drawn for a task; of two degrees of freedom 0.7% of the draws lie beyond."""


class Spread(NamedTuple):
    """Standard error of a mean over strata and its degrees of freedom, each (...).

    `freedom` after Satterthwaite (1946), `unbiased` after Welch (1947), who allows for the estimated variances.
    """

    error: np.ndarray
    freedom: np.ndarray
    unbiased: np.ndarray


def mean(scores: np.ndarray, level: float = 0.95) -> Estimate:
    """Mean of task means with the stratified t interval, degrees of freedom after Satterthwaite (1946)."""
    scores = aggregate.table(scores)
    within = spread(scores)
    return _t_interval(aggregate.mean(scores), within.error, within.freedom, level)


def optimality_gap(scores: np.ndarray, target: float = 1.0, level: float = 0.95) -> Estimate:
    """Optimality gap with the stratified t interval of the shortfalls max(target - score, 0)."""
    scores = aggregate.table(scores)
    within = spread(np.minimum(scores, target))
    return _t_interval(aggregate.optimality_gap(scores, target), within.error, within.freedom, level)


def iqm(scores: np.ndarray, level: float = 0.95) -> Estimate:
    """Interquartile mean with a t interval from the variance within tasks of the winsorised scores.

    Scores outside the cuts are moved to them and the stratified variance is divided by the share kept, squared: Tukey
    and McLaughlin (1963) for one sample, here for strata that share their cuts.
    """
    scores = aggregate.table(scores)
    kept, order = aggregate.inner_weights(scores)
    ordered = np.take_along_axis(scores.reshape(*scores.shape[:-2], -1), order, axis=-1)
    low = np.where(kept > 0, ordered, np.inf).min(axis=-1)[..., None, None]
    high = np.where(kept > 0, ordered, -np.inf).max(axis=-1)[..., None, None]
    count = np.count_nonzero(~np.isnan(ordered), axis=-1)
    within = spread(np.clip(scores, low, high))
    share = 1 - 2 * (count // 4) / count
    # Satterthwaite's degrees of freedom are too few where every variance has two or three; Welch's have no such bias
    return _t_interval(aggregate.iqm(scores), within.error / share, within.unbiased, level)


def median(scores: np.ndarray, rng: np.random.Generator, level: float = 0.95, draws: int = DRAWS) -> Estimate:
    """Median of task means with the hull of a percentile interval and the same interval moved towards the estimate.

    The percentiles are those of the median over tasks of mean + error x t, t drawn with the task's own degrees of
    freedom. Where the tasks in the middle lie unevenly these draws lean to one side and their own median misses the
    estimate; the hull takes in the interval moved back by 1 - 2/n of that (n runs a task: the draws of few runs have long
    tails and need less of it).
    """
    scores = aggregate.table(scores)
    flat = scores.reshape(-1, *scores.shape[-2:])
    estimate = np.reshape(aggregate.median(flat), -1)
    ends = np.full((len(flat), 2), [-np.inf, np.inf])
    for i, one in enumerate(flat):
        if repeated(one):
            drawn = drawn_means(one, rng, draws)
            medians = bootstrap.median(drawn[:, ~np.isnan(drawn[0])])
            ends[i] = _hull(medians, estimate[i], _lean(one), level)
    low, high = ends.T
    return Estimate(*(part.reshape(scores.shape[:-2]) for part in (estimate, low, high)))


def win_rate(
    tables: Sequence[np.ndarray], rng: np.random.Generator, level: float = 0.95, draws: int = DRAWS
) -> Estimate:
    """Win rate of each of several systems, (systems,) each, with an interval made as the median's and cut to [0, 1].

    `tables`: (runs, tasks) of each system, over the same tasks. One system of single runs leaves all ends open.
    """
    tables = [aggregate.table(one) for one in tables]
    estimate = aggregate.win_rate(np.stack([aggregate.task_means(one) for one in tables]))
    if not all(repeated(one) for one in tables):
        return Estimate(estimate, np.zeros(len(tables)), np.ones(len(tables)))
    drawn = aggregate.win_rate(np.stack([drawn_means(one, rng, draws) for one in tables], axis=1))
    ends = [_hull(rates, now, _lean(one), level) for rates, now, one in zip(drawn.T, estimate, tables, strict=True)]
    return Estimate(estimate, *np.clip(np.array(ends).T, 0.0, 1.0))


def repeated(scores: np.ndarray) -> bool:
    """Whether any task of a (runs, tasks) table has two runs, so that something is known of the spread."""
    return bool((aggregate.runs_per_task(scores) > 1).any())


def drawn_means(scores: np.ndarray, rng: np.random.Generator, draws: int = DRAWS) -> np.ndarray:
    """Task means as they might truly be, mean + error x t: (runs, tasks) to (draws, tasks), NaN for a task without runs.

    Each row can be put through any function of task means, such as a voting rule, to see what it might truly say.
    """
    scores = aggregate.table(scores)
    runs = aggregate.runs_per_task(scores)
    if not repeated(scores):
        raise HeldoutError("every task has a single run: how runs vary is unknown, so run any task twice first")
    drawn = np.full((draws, scores.shape[-1]), np.nan)
    scores, present, runs = scores[:, runs > 0], runs > 0, runs[runs > 0]
    variance, freedom = _variance(scores, runs)
    t = np.clip(rng.standard_t(freedom, size=(draws, len(runs))), -CLIP, CLIP)
    drawn[:, present] = aggregate.task_means(scores) + np.sqrt(variance / runs) * t
    return drawn


def _lean(scores: np.ndarray) -> float:
    runs = aggregate.runs_per_task(scores)
    return max(0.0, 1 - 2 * float((1 / runs[runs > 0]).mean()))


def _hull(drawn: np.ndarray, estimate: float, lean: float, level: float) -> tuple[float, float]:
    low, centre, high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    moved = lean * (centre - estimate)
    return min(low, low - moved), max(high, high - moved)


def _variance(scores: np.ndarray, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variance between the runs of each task and its degrees of freedom, pooled for tasks of one run: both (tasks,)."""
    freedom = runs - 1
    squares = np.nansum((scores - aggregate.task_means(scores)) ** 2, axis=0)
    known = freedom > 0
    variance = squares / np.maximum(freedom, 1)
    return np.where(known, variance, variance[known].mean()), np.where(known, freedom, freedom.sum()).astype(float)


def spread(scores: np.ndarray) -> Spread:
    """Standard error of the mean of task means, and its degrees of freedom: (..., runs, tasks) to (...) each.

    A sum over tasks of a_t s_t^2 with a_t = (1 / n_t + singles / others) / T^2: tasks of one run are given the mean
    variance of the others. The error is infinite where no task has two runs.
    """
    runs = aggregate.runs_per_task(scores)
    squares = np.nansum((scores - aggregate.task_means(scores)[..., None, :]) ** 2, axis=-2)
    known = runs > 1
    others, singles = known.sum(axis=-1, keepdims=True), (runs == 1).sum(axis=-1, keepdims=True)
    borrowed = singles / np.maximum(others, 1)
    tasks = (runs > 0).sum(axis=-1, keepdims=True)
    terms = np.where(known, (1 / np.maximum(runs, 1) + borrowed) / tasks**2 * squares / np.maximum(runs - 1, 1), 0.0)
    total = terms.sum(axis=-1)
    below, further = ((terms**2 / np.maximum(runs - one, 1)).sum(axis=-1) for one in (1, -1))
    some = below > 0
    freedom = np.divide(total**2, below, out=np.ones(total.shape), where=some)
    unbiased = np.divide(total**2, further, out=np.full(total.shape, 3.0), where=some) - 2
    return Spread(np.where(others[..., 0] > 0, np.sqrt(total), np.inf), freedom, unbiased)


def _t_interval(estimate: np.ndarray, error: np.ndarray, freedom: np.ndarray, level: float) -> Estimate:
    margin = special.stdtrit(freedom, (1 + level) / 2) * error
    return Estimate(np.asarray(estimate), estimate - margin, estimate + margin)
