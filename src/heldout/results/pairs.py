"""Every pair of systems: difference, interval, probability of improvement, effect size, and a verdict over all pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from heldout.results import flips, odds, paired, relabelled, shortfall, units
from heldout.results.comparison import Interval, PairRow, PairVerdict
from heldout.results.table import Table
from heldout.stats.multiplicity import holm


@dataclass(frozen=True, eq=False)
class Group:
    """Pairs that are compared in one way; arrays are (members,).

    `centre`, `error`, `freedom`: of the difference, for its interval. `own`: units a side so far, in which further ones
    are counted. `adjusted`: p-values adjusted over the members, where the test does that by itself.
    """

    members: np.ndarray
    difference: np.ndarray
    centre: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    spread: np.ndarray
    odds: odds.Ends
    n: np.ndarray
    own: np.ndarray
    p: np.ndarray
    adjusted: np.ndarray | None
    paired_by: str
    unit: str
    method: str
    assumption: str
    tasks: np.ndarray | None = None


def pairs(table: Table, alpha: float = 0.05, margin: float | None = None, seed: int = 0) -> tuple[PairRow, ...]:
    """All pairs of systems in the table's order, decided with error at most `alpha` over all of them together.

    "equivalent": the difference is shown to lie within `margin`, by two one-sided tests and Holm over the pairs.
    """
    first, second = np.triu_indices(len(table.systems), 1)
    if not len(first):
        return ()
    groups = compared(table, first, second, seed)
    adjusted = _adjusted(groups, len(first))
    same = _equivalent(groups, len(first), margin)
    open_pairs = max(1, int(((adjusted > alpha) & (same > alpha)).sum()))
    found: list[PairRow | None] = [None] * len(first)
    for group in groups:
        needed = shortfall.more(
            np.abs(group.difference) / np.maximum(group.error, 1e-300), group.freedom, group.own, alpha / open_pairs
        )
        least = shortfall.least(
            group.tasks, alpha if len(groups) == 1 and group.adjusted is not None else alpha / open_pairs
        )
        needed = np.where(np.isnan(needed), needed, np.maximum(needed, least - group.own))
        for place, row in zip(group.members, _rows(table, group, adjusted, same, needed, alpha), strict=True):
            found[place] = row
    return _worth([row for row in found if row is not None])


def compared(table: Table, first: np.ndarray, second: np.ndarray, seed: int) -> list[Group]:
    """Each pair on the smallest units of which it has two: items, seeds or runs of a task; else on tasks."""
    left, groups = np.arange(len(first)), []
    if table.items is not None or table.paired:
        shared = units.of_items(table.items) if table.items is not None else units.of_seeds(table)
        found = paired.paired(shared, first, second)
        known = np.isfinite(found.error)
        if known.any():
            found = found if known.all() else paired.paired(shared, first[known], second[known])
            groups.append(_flipped(table, shared, found, left[known], seed))
        left = left[~known]
    if len(left) and table.items is None and table.kind == "runs":  # also pairs that share too few seeds
        known = relabelled.means(table.scores, first[left], second[left]).repeated
        if known.any():
            groups.append(_relabelled(table, first[left[known]], second[left[known]], left[known], seed))
        left = left[~known]
    if len(left):
        over = units.of_tasks(table)
        parts = paired.paired(over, first[left], second[left])
        known = np.isfinite(parts.error)
        if known.any():
            groups.append(_over_tasks(over, first[left[known]], second[left[known]], left[known], seed))
        if not known.all():
            groups.append(_unknown(parts, left, ~known))
    return groups


def _flipped(table: Table, shared: units.Units, found: paired.Paired, members: np.ndarray, seed: int) -> Group:
    """Pairs that share items or seeds."""
    first, second = (one[members] for one in np.triu_indices(len(table.systems), 1))
    test = flips.step_down(found, seed)
    centre, error, freedom = found.difference, found.error, found.freedom
    binary = _binary(shared.values) if shared.unit == "item" else False
    if shared.unit == "seed":
        chances = odds.of_runs(table.scores, first, second)
    elif binary:
        chances = odds.of_outcomes(found.difference, found.clusters)
    else:
        chances = odds.of_units(shared, first, second, found.clusters)
    if binary and shared.cluster is None and shared.task[0] == shared.task[-1]:
        centre, error = _bonett_price(found)
        freedom = np.full(len(members), np.inf)
    tied = "" if shared.cluster is None else f" of whole clusters ({found.clusters.max():,})"
    few = len(found.blocks) < found.clusters.max()
    gathered = f", {len(found.blocks):,} blocks" if few else ""
    what = f"{'all' if test.exact else f'{test.flips:,} random'} sign flips{tied}{gathered}"
    where = "an item" if shared.unit == "item" else "a seed of a task"
    return Group(
        members,
        found.difference,
        centre,
        error,
        freedom,
        found.spread,
        chances,
        found.n,
        found.n.astype(float),
        test.p,
        test.adjusted,
        shared.unit,
        "item" if shared.unit == "item" else "run",
        what,
        f"without an effect two systems are exchangeable within {where if not tied else 'a cluster'}"
        + ("" if shared.unit == "item" else "; further runs are spread over all tasks"),
    )


def _over_tasks(over: units.Units, first: np.ndarray, second: np.ndarray, members: np.ndarray, seed: int) -> Group:
    """Pairs of which nothing is repeated within a task."""
    found = paired.paired(over, first, second)
    test = flips.step_down(found, seed)
    return Group(
        members,
        found.difference,
        found.difference,
        found.error,
        found.freedom,
        found.spread,
        odds.of_units(over, first, second, found.n),
        found.n,
        found.n.astype(float),
        test.p,
        test.adjusted,
        "task",
        "task",
        f"{'all' if test.exact else f'{test.flips:,} random'} sign flips of tasks",
        "the tasks are a sample of tasks like these; runs were not repeated, so nothing is said of other runs",
    )


def _relabelled(table: Table, first: np.ndarray, second: np.ndarray, members: np.ndarray, seed: int) -> Group:
    """Pairs whose runs share nothing."""
    found = relabelled.means(table.scores, first, second)
    test = relabelled.relabelled(table.scores, first, second, seed)
    number = f"{int(test.relabellings.max()):,}"
    return Group(
        members,
        found.difference,
        found.difference,
        found.error,
        found.freedom,
        found.spread,
        odds.of_runs(table.scores, first, second),
        found.n,
        found.n / 2,
        test.p,
        None,
        "",
        "run",
        f"{number if not test.exact.all() else f'all {number}'} relabellings within tasks",
        "without an effect the runs of a task could be either system's; further runs are spread over all tasks",
        found.tasks,
    )


def _unknown(parts: paired.Paired, left: np.ndarray, which: np.ndarray) -> Group:
    """Pairs with one number each, or none in common."""
    none, many = np.zeros(int(which.sum())), np.full(int(which.sum()), np.inf)
    gap = parts.difference[which]
    return Group(
        left[which],
        gap,
        gap,
        many,
        none + 1,
        none,
        (np.where(np.isnan(gap), np.nan, (np.sign(gap) + 1) / 2), none, none + 1),
        parts.n[which],
        none + np.nan,
        none + 1,
        none + 1,
        "task",
        "task",
        "none",
        "one score each, or no task in common: how scores vary is unknown",
    )


def _binary(values: np.ndarray) -> bool:
    return all(bool(((row == 0) | (row == 1) | np.isnan(row)).all()) for row in values)


def _bonett_price(found: paired.Paired) -> tuple[np.ndarray, np.ndarray]:
    """Centre and error of Bonett and Price's interval (2012) for paired zeros and ones of a single task."""
    n = found.n.astype(float)
    discordant = found.spread**2 * (n - 1) + n * found.difference**2
    plus, minus = (discordant + n * found.difference) / 2 + 1, (discordant - n * found.difference) / 2 + 1
    p, q = plus / (n + 2), minus / (n + 2)
    return p - q, np.sqrt((p + q - (p - q) ** 2) / (n + 2))


def _adjusted(groups: Sequence[Group], number: int) -> np.ndarray:
    """Step-down over all pairs where one test saw them all, else Holm over the pairs."""
    if len(groups) == 1 and groups[0].adjusted is not None:
        return groups[0].adjusted
    p = np.ones(number)
    for group in groups:
        p[group.members] = group.p
    return holm(p)


def _equivalent(groups: Sequence[Group], number: int, margin: float | None) -> np.ndarray:
    """Holm's p-values that a difference reaches the margin; one where there is none, or where nothing varied."""
    p = np.ones(number)
    if margin is None:
        return p
    for group in groups:
        far = (margin - np.abs(group.centre)) / np.maximum(group.error, 1e-300)
        known = (group.error > 0) & np.isfinite(group.error)
        p[group.members] = np.where(known, special.stdtr(group.freedom, -far), 1.0)
    return holm(p)


def _rows(
    table: Table, group: Group, adjusted: np.ndarray, same: np.ndarray, needed: np.ndarray, alpha: float
) -> list[PairRow]:
    first, second = np.triu_indices(len(table.systems), 1)
    reach = special.stdtrit(group.freedom, 0.975) * np.where(group.error > 0, group.error, 0.0)
    low, high = np.minimum(group.centre - reach, group.difference), np.maximum(group.centre + reach, group.difference)
    correction = 1 - 3 / np.maximum(4 * group.freedom - 1, 3)
    effect = np.divide(
        group.difference * correction, group.spread, out=np.full(len(low), np.nan), where=group.spread > 0
    )
    family = "step-down" if group.adjusted is not None and len(group.members) == len(adjusted) else "Holm"
    method = f"{group.method}, {family} over {len(adjusted):,} pairs" if len(adjusted) > 1 else group.method
    rows = []
    for k, place in enumerate(group.members):
        verdict = _verdict(float(group.difference[k]), bool(adjusted[place] <= alpha), bool(same[place] <= alpha))
        lacks = verdict == "undecided" and not np.isnan(needed[k])
        rows.append(
            PairRow(
                table.systems[first[place]],
                table.systems[second[place]],
                Interval(float(group.difference[k]), float(low[k]), float(high[k])),
                Interval(*(float(end[k]) for end in group.odds)),
                float(effect[k]),
                float(adjusted[place]),
                verdict,
                group.paired_by,
                int(group.n[k]),
                group.unit,
                method,
                group.assumption,
                int(needed[k]) if lacks else None,
            )
        )
    return rows


def _verdict(difference: float, different: bool, equivalent: bool) -> PairVerdict:
    if equivalent:
        return "equivalent"
    if not different or difference == 0 or np.isnan(difference):
        return "undecided"
    return "a better" if difference > 0 else "b better"


def _worth(rows: list[PairRow]) -> tuple[PairRow, ...]:
    places = shortfall.worth(np.array([np.nan if r.more_units is None else r.more_units for r in rows]))
    return tuple(
        row if row.more_units is None else replace(row, worth=int(place))
        for row, place in zip(rows, places, strict=True)
    )
