"""One row per system: aggregates over its tasks with 95% intervals, win rate, and the rank it may hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from heldout.results import odds, paired, redrawn, units, weighting
from heldout.results.comparison import Interval, PairRow, SystemRow
from heldout.results.table import Items, Table
from heldout.stats import aggregate, bootstrap, stratified
from heldout.stats.aggregate import Estimate

DRAWS = 1_000
"""Draws of the task means that intervals of medians take."""


def systems(table: Table, pairs: Sequence[PairRow], target: float = 1.0, seed: int = 0) -> tuple[SystemRow, ...]:
    """A row for each system of the table, in its order."""
    means = units.task_means(table)
    runs = (~np.isnan(table.scores)).sum(axis=1)
    spoken = aggregates(table, means, target, np.random.default_rng(seed))
    again = redrawn.redrawn(table, means, spoken.items, seed)
    leads = weighting.conditions(table.tasks, means)
    ranks = rank_intervals(table.systems, pairs)
    have = ~np.isnan(means)
    return tuple(
        SystemRow(
            system,
            int(runs[i].max()) if table.items is None else max(1, int(runs[i].max())),
            int(have[i].sum()),
            float(have[i].mean()),
            *(_interval(one, i) for one in (spoken.iqm, spoken.mean, spoken.median, spoken.gap)),
            win_rate=_interval(again.rate, i),
            rank=ranks[i],
            ranks=tuple(again.ranks[i].tolist()),
            leads=leads[i],
        )
        for i, system in enumerate(table.systems)
    )


def rank_intervals(names: Sequence[str], pairs: Sequence[PairRow]) -> list[tuple[int, int]]:
    """First and last rank of each system: those shown to be better stand above, those shown to be worse below.

    All pairs being decided together, so are all ranks (Mogstad et al., 2020).
    """
    place = {name: i for i, name in enumerate(names)}
    better, worse = np.zeros(len(names), dtype=int), np.zeros(len(names), dtype=int)
    for pair in pairs:
        if pair.verdict in ("a better", "b better"):
            up, down = (pair.a, pair.b) if pair.verdict == "a better" else (pair.b, pair.a)
            better[place[down]] += 1
            worse[place[up]] += 1
    return [(1 + int(b), len(names) - int(w)) for b, w in zip(better, worse, strict=True)]


@dataclass(frozen=True, eq=False)
class Spoken:
    """Aggregates of all systems, each an estimate with the ends of its interval, (systems,). `items`: what they are from."""

    iqm: Estimate
    mean: Estimate
    median: Estimate
    gap: Estimate
    items: paired.Paired | None = None


def aggregates(table: Table, means: np.ndarray, target: float, rng: np.random.Generator) -> Spoken:
    """Aggregates of every system: over runs where any is repeated, over items, else over tasks like these."""
    if table.items is not None:
        return _of_items(table.items, len(means), target, rng)
    repeated = (~np.isnan(table.scores)).sum(axis=1) > 1
    if not repeated.any():  # the tasks are the only sample that there is
        rows = means[:, :, None]
        median = Estimate(*np.array([_median_of_sample(row[~np.isnan(row)]) for row in means]).T)
        return Spoken(
            stratified.iqm(rows), stratified.mean(rows), median, stratified.optimality_gap(rows, target=target)
        )
    medians = stratified.median(table.scores, rng, draws=DRAWS)
    return Spoken(
        stratified.iqm(table.scores),
        stratified.mean(table.scores),
        medians,
        stratified.optimality_gap(table.scores, target=target),
    )


def _interval(estimate: Estimate, i: int) -> Interval:
    return Interval(float(estimate.estimate[i]), float(estimate.low[i]), float(estimate.high[i]))


def _median_of_sample(values: np.ndarray) -> tuple[float, float, float]:
    """The median with the order statistics that hold it with 95% (sign test); without ends below six values."""
    ordered, n = np.sort(values), len(values)
    tails = special.bdtr(np.arange(n), n, 0.5)
    k = int(np.searchsorted(tails, 0.025, side="right"))
    ends = (ordered[k - 1], ordered[n - k]) if k else (-np.inf, np.inf)
    return float(np.median(ordered)), float(ends[0]), float(ends[1])


def _of_items(items: Items, number: int, target: float, rng: np.random.Generator) -> Spoken:
    shared = units.of_items(items, nested=True)
    found = paired.paired(shared, np.arange(number))
    margin = special.stdtrit(found.freedom, 0.975) * found.error
    mean = Estimate(found.difference, found.difference - margin, found.difference + margin)
    single = shared.task[0] == shared.task[-1]
    low, high = float(np.nanmin(shared.values)), float(np.nanmax(shared.values))
    if single and shared.cluster is None and _binary(shared.values):
        mean = Estimate(*odds.wilson(found.difference, found.n))
    elif low >= 0 and high <= 1:
        mean = Estimate(mean.estimate, np.clip(mean.low, 0, 1), np.clip(mean.high, 0, 1))
    if single:
        gap = Estimate(target - mean.estimate, target - mean.high, target - mean.low)
        return Spoken(mean, mean, mean, gap, found)
    return Spoken(
        _drawn(found, lambda rows: aggregate.iqm(rows[..., None, :]), rng),
        mean,
        _drawn(found, bootstrap.median, rng),
        _drawn(found, lambda rows: target - np.minimum(rows, target).mean(axis=-1), rng),
        found,
    )


def _binary(values: np.ndarray) -> bool:
    return all(bool(((row == 0) | (row == 1) | np.isnan(row)).all()) for row in values)


def _drawn(found: paired.Paired, function: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator) -> Estimate:
    """A function of the task means, and how far it moves where these are drawn again with their standard errors."""
    rows = []
    for centre, variance in zip(found.means, found.variances, strict=True):
        have = ~np.isnan(centre)
        now = float(function(centre[have][None])[0])
        drawn = function(centre[have] + np.sqrt(variance[have]) * rng.standard_normal((DRAWS, int(have.sum()))))
        low, middle, high = np.quantile(drawn, [0.025, 0.5, 0.975])
        moved = middle - now
        rows.append((now, min(low, low - moved), max(high, high - moved)))
    return Estimate(*np.array(rows).T)
