"""Compares the systems of a table: everything that a page of it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.verdict import Verdict
from heldout.results import pairs, rankings, reviewer, systems, tasks, units
from heldout.results.comparison import Comparison, Profile
from heldout.results.table import Table
from heldout.stats import profile

if TYPE_CHECKING:
    from heldout.results.abilities import Abilities
    from heldout.results.reliability import Reliability

MOST = 300
"""Systems that are compared pair by pair; more pairs than these have would take minutes, and nobody reads them."""

THRESHOLDS = 81
RESAMPLES, LEAST = 1_000, 200
"""Resamples behind a profile's band; fewer where there is much to resample."""


@dataclass(frozen=True)
class Options:
    """How to compare.

    `alpha`: error over all pairs together. `margin`: a difference that would not matter; without it nothing is called
    equivalent. `claims`: name to statement, such as `score("B") > score("A") + 0.01`. `normalised`: what was done to the
    scores before. `target`: the score up to which the optimality gap counts; without it 100 for percentages, else 1. `seed`:
    of everything random.
    """

    alpha: float = 0.05
    margin: float | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    normalised: str = "none"
    target: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise HeldoutError(f"alpha is {self.alpha:g}, and must lie strictly between 0 and 1")
        if self.margin is not None and not 0 < self.margin < float("inf"):
            raise HeldoutError(f"the margin is {self.margin:g}: state a positive difference that would not matter")


def compare(table: Table, options: Options = Options()) -> Comparison:
    """Everything that can be said of a table: aggregates, pairs, ranks, profiles, tasks, warnings, claims."""
    if np.isnan(table.scores).all(axis=(1, 2)).any() and table.items is None:
        empty = table.systems[int(np.isnan(table.scores).all(axis=(1, 2)).argmax())]
        raise HeldoutError(f"system {empty!r} has no score: leave it out of the table")
    whole, table = table, best(table)
    found = pairs.pairs(table, options.alpha, options.margin, options.seed)
    target = _target(table) if options.target is None else options.target
    return Comparison(
        table,
        systems.systems(table, found, target, options.seed),
        found,
        rankings.rankings(table),
        profiles(table, options.seed),
        tasks.tasks(table),
        tuple(reviewer.warnings(table, found, normalised=options.normalised, target=target)),
        _claims(whole, options),
        options.normalised,
        *_of_items(table),
        options.alpha,
        target,
    )


def best(table: Table) -> Table:
    """The table of the systems with the highest means, where there are more than can be compared pair by pair."""
    count = len(table.systems)
    if count <= MOST:
        return table
    means = units.task_means(table)
    there = ~np.isnan(means)
    mean = np.where(
        there.any(axis=1), np.where(there, means, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1), -np.inf
    )
    kept = np.sort(np.argsort(-mean, kind="stable")[:MOST])
    text = (
        f"{count:,} systems make {count * (count - 1) // 2:,} pairs: the {MOST} with the highest means are compared, the others are left "
        "out; among systems chosen so, differences look smaller than they are"
    )
    items = table.items
    if items is not None:
        crossed = items.crossed
        if crossed is not None:
            crossed = replace(crossed, total=crossed.total[kept], counts=crossed.counts[kept])
        items = replace(items, values=items.values[kept], repeats=items.repeats[kept], crossed=crossed)
    names = tuple(table.systems[i] for i in kept)
    return replace(table, systems=names, scores=table.scores[kept], items=items, warnings=(text, *table.warnings))


def _target(table: Table) -> float:
    """The best that scores can be: 100 where cells have a percent sign and were not turned into shares."""
    percent = any("percent sign" in text for text in table.warnings)
    return 100.0 if percent and 1.5 < np.nanmax(table.scores) <= 100 else 1.0


def _of_items(table: Table) -> "tuple[Abilities | None, Reliability | None]":
    if table.items is None:
        return None, None
    from heldout.results import abilities, reliability  # what they import takes a quarter of a second

    return abilities.abilities(table), reliability.reliability(table)


def _claims(table: Table, options: Options) -> tuple[Verdict, ...]:
    if not options.claims:
        return ()
    from heldout.results.claims import decided  # the notation takes a moment to import

    if table.turned and options.normalised == "none":
        from heldout.results.reading.normalising import turned

        table = turned(table)  # claims speak of the scores as they stand in the file
    return decided(options.claims, table, options.alpha, options.seed)


def profiles(table: Table, seed: int = 0) -> tuple[Profile, ...]:
    """A profile of each system: the share of its runs above each threshold, or of its tasks where no run is repeated.

    Items of one task have none: a profile of zeros and ones says what the mean says.
    """
    if table.items is not None and len(table.tasks) < 2:
        return ()
    repeated = table.items is None and (np.count_nonzero(~np.isnan(table.scores), axis=1) > 1).any()
    rows = table.scores if repeated else units.task_means(table)[:, :, None]
    thresholds = np.linspace(float(np.nanmin(rows)), float(np.nanmax(rows)), THRESHOLDS)
    resamples = int(np.clip(2_000_000 // rows.size, LEAST, RESAMPLES))
    rng = np.random.default_rng(seed)
    made = []
    for system, row in zip(table.systems, rows, strict=True):
        if not np.isnan(row).all():
            band = profile.score_bands(row, thresholds, resamples, rng)
            made.append(Profile(system, thresholds, band.estimate, band.low, band.high))
    return tuple(made)
