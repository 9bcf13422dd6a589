"""Pairs of systems on units that both have: difference, standard error, and the sums whose signs are flipped.

Tasks weigh the same, units within a task too. The variance is that within tasks (these tasks, other units like these);
clusters enter by their sums (Miller, 2024). Everything is worked out for all pairs together: by products of matrices
where no system lacks a unit, else in chunks of pairs.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from heldout.results.units import Units

BLOCKS = 1024
"""Units are gathered, as they come, in so many blocks whose signs are flipped as wholes.

Flips of blocks are flips of units, so that the level stays what it is; the test loses what a t test loses that has a
thousand degrees of freedom instead of all.
"""

CELLS = 4_000_000
"""Differences held at a time."""


class Sums(NamedTuple):
    """Sums over the units of each task, (pairs, tasks) or (1, tasks) where all pairs share them.

    `number` and `clusters` count units and what of them moves independently; `squares`, `cross` and `sizes` sum over
    clusters the squared difference, difference times size, and squared size. `blocks`: (pairs, blocks).
    """

    total: np.ndarray
    number: np.ndarray
    clusters: np.ndarray
    squares: np.ndarray
    cross: np.ndarray
    sizes: np.ndarray
    blocks: np.ndarray


@dataclass(frozen=True, eq=False)
class Paired:
    """P pairs compared on shared units, (P,) each.

    `error` is infinite where no task has two units. `spread`: standard deviation of a unit's difference within its task.
    `blocks`: (blocks, P) parts of the difference, which add up to it; `stratum`: (blocks,) their tasks. `tasks`: how
    many tasks both have.
    `means`, `variances`: (P, tasks) of the units' mean on each task, NaN where a task is not shared. `clusters`: units that move independently.
    """

    difference: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    spread: np.ndarray
    n: np.ndarray
    tasks: np.ndarray
    clusters: np.ndarray
    blocks: np.ndarray
    stratum: np.ndarray
    means: np.ndarray
    variances: np.ndarray


def paired(units: Units, first: np.ndarray, second: np.ndarray | None = None) -> Paired:
    """Every pair (first[k], second[k]) on the units that both systems have; the systems themselves without `second`."""
    cuts = _Cuts.of(units)
    if second is not None and units.complete and len(first) * units.values.shape[1] > CELLS:
        sums = _together(units, cuts, first, second)
    else:
        step = max(1, CELLS // units.values.shape[1])
        parts = [
            _some(units, cuts, first[k : k + step], None if second is None else second[k : k + step])
            for k in range(0, len(first), step)
        ]
        sums = Sums(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    return _finished(sums, cuts)


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Where each cluster, task and block begins; blocks and tasks count clusters. `stratum`: (blocks,) task of each."""

    clusters: np.ndarray | None
    tasks: np.ndarray
    blocks: np.ndarray
    stratum: np.ndarray

    @classmethod
    def of(cls, units: Units) -> "_Cuts":
        clusters, task = None, units.task
        if units.cluster is not None:
            new = (np.diff(units.cluster, prepend=-1) != 0) | (np.diff(task, prepend=-1) != 0)
            clusters = np.flatnonzero(new)
            task = task[clusters]
        starts = np.flatnonzero(np.diff(task, prepend=task[0] - 1))
        sizes = np.diff(starts, append=len(task))
        most = np.minimum(sizes, max(4, BLOCKS // len(starts)))
        within = [start + np.arange(k) * size // k for start, size, k in zip(starts, sizes, most, strict=True)]
        return cls(clusters, starts, np.concatenate(within), np.repeat(np.arange(len(starts)), most))


def _some(units: Units, cuts: _Cuts, first: np.ndarray, second: np.ndarray | None) -> Sums:
    d = units.values[first] if second is None else units.values[first] - units.values[second]
    here = ~np.isnan(d)
    d[~here] = 0.0
    sizes: np.ndarray = here
    if cuts.clusters is not None:
        d = np.add.reduceat(d, cuts.clusters, axis=1)
        sizes = np.add.reduceat(here, cuts.clusters, axis=1, dtype=float)

    def over_tasks(cells: np.ndarray) -> np.ndarray:
        return np.add.reduceat(cells, cuts.tasks, axis=1, dtype=float)

    total, number = over_tasks(d), over_tasks(sizes)
    squares, blocks = over_tasks(d * d), np.add.reduceat(d, cuts.blocks, axis=1)
    if cuts.clusters is None:
        return Sums(total, number, number, squares, total, number, blocks)
    return Sums(total, number, over_tasks(sizes > 0), squares, over_tasks(d * sizes), over_tasks(sizes**2), blocks)


def _together(units: Units, cuts: _Cuts, first: np.ndarray, second: np.ndarray) -> Sums:
    """The same from products of all systems with all, where nothing is missing."""
    values, sizes = units.values, np.ones(1)
    length = values.shape[1]
    if cuts.clusters is not None:
        sizes = np.diff(cuts.clusters, append=length).astype(float)
        values, length = np.add.reduceat(values, cuts.clusters, axis=1), len(cuts.clusters)
    sizes = np.broadcast_to(sizes, length)
    ends = np.append(cuts.tasks[1:], length)
    total, squares, cross, blocks = [], [], [], []
    for task, (start, end) in enumerate(zip(cuts.tasks, ends, strict=True)):
        gram, sums, weighted = _products(values, sizes, start, end)
        square = np.diag(gram)
        total.append(sums[first] - sums[second])
        squares.append(square[first] + square[second] - 2 * gram[first, second])
        cross.append(weighted[first] - weighted[second])
        inside = np.add.reduceat(values[:, start:end], cuts.blocks[cuts.stratum == task] - start, axis=1)
        blocks.append(inside[first] - inside[second])
    number, clusters, squared = (
        np.add.reduceat(one, cuts.tasks)[None] for one in (sizes, np.ones(length), sizes * sizes)
    )
    columns = (np.stack(one, axis=1) for one in (total, squares, cross))
    whole, square, product = columns
    return Sums(whole, number, clusters, np.maximum(square, 0.0), product, squared, np.concatenate(blocks, axis=1))


def _products(values: np.ndarray, sizes: np.ndarray, start: int, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the columns start to end, less their means over systems: products, sums, and sums weighted by size."""
    systems = len(values)
    gram, sums, weighted = np.zeros((systems, systems)), np.zeros(systems), np.zeros(systems)
    step = max(1, CELLS // systems // 4)
    for at in range(start, end, step):
        part = values[:, at : min(at + step, end)]
        part = part - part.mean(axis=0)
        gram += part @ part.T
        sums += part.sum(axis=1)
        weighted += part @ sizes[at : min(at + step, end)]
    return gram, sums, weighted


def _finished(sums: Sums, cuts: _Cuts) -> Paired:
    shared = np.broadcast_to(sums.number, sums.total.shape)
    clusters = np.broadcast_to(sums.clusters, sums.total.shape)
    have = shared > 0
    tasks = np.maximum(have.sum(axis=1), 1)
    number = np.maximum(shared, 1)
    mean = sums.total / number
    gap = np.maximum(sums.squares - 2 * mean * sums.cross + mean**2 * sums.sizes, 0.0)
    gap[gap < 1e-13 * sums.squares] = 0.0  # what is left of equal differences is rounding
    known = clusters > 1
    each = np.where(known, gap * clusters / np.maximum(clusters - 1, 1) / number**2, 0.0)
    several = known.sum(axis=1)
    typical = (each * clusters).sum(axis=1) / np.maximum(several, 1)  # of one cluster
    singles = (clusters == 1).sum(axis=1)
    # a task of one unit is given the mean variance of the others, as `heldout.stats.stratified` does
    borrowed = clusters * (singles / np.maximum(several, 1))[:, None]
    terms = each * (1 + borrowed) / tasks[:, None] ** 2
    total = terms.sum(axis=1)
    below = (terms**2 / np.maximum(clusters - 1, 1)).sum(axis=1)
    freedom = np.divide(total**2, below, out=np.ones(len(total)), where=below > 0)
    weight = 1.0 / (tasks[:, None] * number)
    return Paired(
        np.where(have.any(axis=1), np.where(have, mean, 0.0).sum(axis=1) / tasks, np.nan),
        np.where(several > 0, np.sqrt(total), np.inf),
        freedom,
        np.sqrt(typical),
        shared.sum(axis=1).astype(int),
        have.sum(axis=1),
        clusters.sum(axis=1).astype(int),
        (sums.blocks * weight[:, cuts.stratum]).T,
        cuts.stratum,
        np.where(have, mean, np.nan),
        np.where(have, np.where(known, each, typical[:, None]), np.nan),
    )
