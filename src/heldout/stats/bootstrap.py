"""The stratified bootstrap of a runs x tasks table, on multinomial counts.

A resample draws as many runs as there are, with replacement, within every task. All that an aggregate needs of it is
how often each run was drawn, so resamples are kept as counts over the pooled, sorted scores. Percentile intervals of
these draws are those of rliable (Agarwal et al., 2021); they are too short where runs are few, for which see
`heldout.stats.stratified`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate
from heldout.stats.aggregate import Estimate

CHUNK = 200_000
"""Counts held at a time; few enough to stay in the cache."""

FEW = 24
"""Up to so many runs, comparing bytes counts faster than `np.bincount`."""


@dataclass(frozen=True)
class Pool:
    """The scores of one table in a row, task after task.

    `values`: (N,). `runs`: (T,) runs of each task that has any. `order`: (N,) sorts the values.
    """

    values: np.ndarray
    runs: np.ndarray
    order: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """(T,) where each task begins."""
        return np.cumsum(self.runs) - self.runs

    @property
    def weight(self) -> np.ndarray:
        """(N,) what one draw of each run weighs: 1 / (T x runs of its task)."""
        return np.repeat(1.0 / (len(self.runs) * self.runs), self.runs)

    @property
    def balanced(self) -> bool:
        """Whether every task has as many runs as the others."""
        return bool((self.runs == self.runs[0]).all())


class Draws(NamedTuple):
    """The aggregates of every resample, each (resamples,)."""

    iqm: np.ndarray
    mean: np.ndarray
    median: np.ndarray
    optimality_gap: np.ndarray


def pool(scores: np.ndarray) -> Pool:
    """The scores present in a (runs, tasks) table; tasks without runs are left out."""
    scores = aggregate.table(scores)
    if scores.ndim != 2:
        raise HeldoutError(f"scores have shape {scores.shape}: the bootstrap takes one runs x tasks table at a time")
    runs = aggregate.runs_per_task(scores)
    values = scores.T[~np.isnan(scores.T)]
    return Pool(values, runs[runs > 0], np.argsort(values, kind="stable"))


def counts(pooled: Pool, resamples: int, rng: np.random.Generator, *, tasks: bool = False) -> np.ndarray:
    """How often every run is drawn in each resample: (N, resamples) small integers in the order of `pooled.values`.

    With `tasks`, as many tasks as there are are drawn first, with replacement, and runs afresh within each draw: the
    question is then how the system does on new tasks like these, no longer on these tasks.
    """
    if tasks:
        drawn, slots = _runs_of_drawn_tasks(pooled, resamples, rng)
        return _tally(drawn, _resample_of(slots, len(drawn), resamples), len(pooled.values), resamples)
    tally = np.zeros((len(pooled.values), resamples), dtype=np.min_scalar_type(int(pooled.runs.max())))
    for runs in np.unique(pooled.runs):
        alike = pooled.starts[pooled.runs == runs]
        drawn = rng.integers(0, runs, size=(runs, len(alike), resamples), dtype=np.min_scalar_type(int(runs) - 1))
        if runs <= FEW:
            for j in range(runs):
                tally[alike + j] = sum((one == j).view(np.uint8) for one in drawn)
        else:
            cells = _tally(drawn + alike[:, None], np.arange(resamples), len(pooled.values), resamples)
            tally += cells.astype(tally.dtype)
    return tally


def _tally(drawn: np.ndarray, resample: np.ndarray, n: int, resamples: int) -> np.ndarray:
    return np.bincount((drawn * resamples + resample).ravel(), minlength=n * resamples).reshape(n, resamples)


def _runs_of_drawn_tasks(pooled: Pool, resamples: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Every run drawn, task after task, and where each of the resamples x T tasks begins among them."""
    chosen = rng.integers(0, len(pooled.runs), size=resamples * len(pooled.runs))
    sizes = pooled.runs[chosen]
    size, start = np.repeat(sizes, sizes), np.repeat(pooled.starts[chosen], sizes)
    return (rng.random(len(size)) * size).astype(int) + start, np.cumsum(sizes) - sizes


def _resample_of(slots: np.ndarray, drawn: int, resamples: int) -> np.ndarray:
    """Which resample each run was drawn for."""
    return np.repeat(np.arange(resamples), np.diff(slots[:: len(slots) // resamples], append=drawn))


def draws(
    scores: np.ndarray, resamples: int, rng: np.random.Generator, *, tasks: bool = False, target: float = 1.0
) -> Draws:
    """IQM, mean, median and optimality gap of every resample of a (runs, tasks) table."""
    pooled = pool(scores)
    chunk = max(1, CHUNK // len(pooled.values))
    some = _some_with_tasks if tasks else _some
    parts = [some(pooled, min(chunk, resamples - done), rng, target) for done in range(0, resamples, chunk)]
    return Draws(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _some(pooled: Pool, resamples: int, rng: np.random.Generator, target: float) -> Draws:
    drawn = counts(pooled, resamples, rng)
    task_means = means(pooled, drawn)
    short = np.einsum("n,nb->b", (target - np.minimum(pooled.values, target)) * pooled.weight, drawn)
    return Draws(iqm(pooled, drawn), task_means.mean(axis=1), median(task_means), short)


def _some_with_tasks(pooled: Pool, resamples: int, rng: np.random.Generator, target: float) -> Draws:
    drawn, slots = _runs_of_drawn_tasks(pooled, resamples, rng)
    size, values = np.diff(slots, append=len(drawn)), pooled.values[drawn]
    task_means = (np.add.reduceat(values, slots) / size).reshape(resamples, -1)
    short = (np.add.reduceat(target - np.minimum(values, target), slots) / size).reshape(resamples, -1)
    tally = _tally(drawn, _resample_of(slots, len(drawn), resamples), len(pooled.values), resamples)
    return Draws(iqm(pooled, tally), task_means.mean(axis=1), median(task_means), short.mean(axis=1))


def means(pooled: Pool, drawn: np.ndarray) -> np.ndarray:
    """Task means of resamples given as counts drawn within tasks: (N, resamples) to (resamples, T)."""
    middle = pooled.values[pooled.order[len(pooled.values) // 2]]
    share = (pooled.values - middle) / np.repeat(pooled.runs, pooled.runs)
    # sums of a few rows each: threads of a matrix product would cost more than they bring
    return np.add.reduceat(share[:, None] * drawn, pooled.starts, axis=0).T + middle


def median(rows: np.ndarray) -> np.ndarray:
    """Medians along the last axis; sorting short rows in full is faster than `np.median`."""
    n = rows.shape[-1]
    ordered = np.sort(rows, axis=-1)
    return (ordered[..., (n - 1) // 2] + ordered[..., n // 2]) / 2


def iqm(pooled: Pool, drawn: np.ndarray) -> np.ndarray:
    """Interquartile mean of resamples given as counts: (N, resamples) to (resamples,).

    A sum over sorted scores of the weight between the cuts, rearranged into steps between neighbouring scores.
    """
    n, values = len(pooled.values), pooled.values[pooled.order]
    middle = values[n // 2]
    values = values - middle
    steps = np.append(-np.diff(values), values[-1])
    drawn = drawn[pooled.order]
    if pooled.balanced:
        cut = n // 4
        upper = running(drawn, n)[1:]
        return np.einsum("n,nb->b", steps, np.clip(upper, cut, n - cut) - cut) / (n - 2 * cut) + middle
    number = drawn.sum(axis=0)
    cut = number // 4 / number
    upper = np.cumsum(drawn * pooled.weight[pooled.order, None], axis=0)
    return np.einsum("n,nb->b", steps, np.clip(upper, cut, 1 - cut) - cut) / (1 - 2 * cut) + middle


def running(drawn: np.ndarray, most: int) -> np.ndarray:
    """Running sums down the rows, from a row of zeros: (N, resamples) counts to (N + 1, resamples), none above `most`."""
    sums = np.zeros((len(drawn) + 1, drawn.shape[1]), dtype=np.int16 if most < 2**15 else np.int64)
    # row by row this is one vector addition, several times faster than a cumulative sum down the columns
    for i, row in enumerate(drawn):
        np.add(sums[i], row, out=sums[i + 1], casting="unsafe")
    return sums


def percentile(estimate: float | np.ndarray, drawn: np.ndarray, level: float = 0.95) -> Estimate:
    """The percentile interval: the middle `level` of the draws, which run along the first axis."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Estimate(np.asarray(estimate), low, high)
