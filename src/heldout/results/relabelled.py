"""Pairs of systems whose runs share nothing: relabelled within each task.

Without an effect the runs of a task could belong to either system, so that relabelling them changes nothing; T is the
stratified difference over Welch's standard error, made afresh for every relabelling, as Janssen (1997) advises where
spreads may differ. Each task has labellings of its own, and one of each is drawn for every relabelling of the table; given
the labellings the one that was observed is as likely as any other, so that p-values are exact.
"""

from math import comb
from typing import NamedTuple

import numpy as np
from scipy import special

WORK = 10_000_000
"""Differences of a task worked out at most, before the number of relabellings is cut."""

LEAST, MOST = 1_999, 9_999
LABELLINGS = (1_024, 256)
"""Labellings of a task to draw from: of few tasks, and of four tasks or more, whose combinations are plenty."""

ENUMERATED = 4_000
"""Labellings of a single task that are all tried."""


class Means(NamedTuple):
    """Differences of P pairs over the tasks that both have, (P,) each; `error` infinite where no run was repeated.

    `spread`: standard deviation of a run within its task. `repeated`: whether both systems repeat some common task.
    """

    difference: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    spread: np.ndarray
    n: np.ndarray
    tasks: np.ndarray
    repeated: np.ndarray


def means(scores: np.ndarray, first: np.ndarray, second: np.ndarray) -> Means:
    """Stratified difference and Welch's error of (systems, runs, tasks) scores, Satterthwaite's degrees of freedom."""
    runs = np.count_nonzero(~np.isnan(scores), axis=1)
    centre = np.nansum(scores, axis=1) / np.maximum(runs, 1)
    squares = np.nansum((scores - centre[:, None]) ** 2, axis=1)
    known = runs > 1
    freedom = np.maximum(runs - 1, 1)
    variance = np.where(known, squares / freedom, 0.0)
    variance[variance * runs < 1e-26 * centre**2] = 0.0  # equal runs, but for rounding
    several = known.sum(axis=1)
    typical = variance.sum(axis=1) / np.maximum(several, 1)
    # a task of one run is given the mean variance of the system's others, as `heldout.stats.stratified` does
    each = np.where(known, variance, typical[:, None]) / np.maximum(runs, 1)
    trust = np.where(known, freedom, np.maximum((runs - 1).clip(0).sum(axis=1), 1)[:, None])
    have = (runs[first] > 0) & (runs[second] > 0)
    tasks = np.maximum(have.sum(axis=1), 1)
    terms = np.stack([each[first], each[second]]) * have / tasks[:, None] ** 2
    total = terms.sum(axis=(0, 2))
    below = (terms**2 / np.stack([trust[first], trust[second]])).sum(axis=(0, 2))
    repeated = (have & known[first]).any(axis=1) & (have & known[second]).any(axis=1)
    gap = np.where(have, centre[first] - centre[second], 0.0).sum(axis=1) / tasks
    return Means(
        np.where(have.any(axis=1), gap, np.nan),
        np.where(repeated, np.sqrt(total), np.inf),
        np.divide(total**2, below, out=np.ones(len(total)), where=below > 0),
        np.sqrt((typical[first] + typical[second]) / 2),
        ((runs[first] + runs[second]) * have).sum(axis=1),
        have.sum(axis=1),
        repeated,
    )


class Relabelled(NamedTuple):
    """p-values of each pair by itself, (pairs,), how many relabellings were made of each, and whether those were all."""

    p: np.ndarray
    relabellings: np.ndarray
    exact: np.ndarray


def relabelled(scores: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int = 0) -> Relabelled:
    """Tests every pair of (systems, runs, tasks) scores; pairs with the same numbers of runs are relabelled together.

    Where no relabelling reaches what was observed although there are many more, Student's tail says how far beyond.
    """
    runs = np.count_nonzero(~np.isnan(scores), axis=1)
    groups: dict[bytes, list[int]] = {}
    for k, (a, b) in enumerate(zip(first, second, strict=True)):
        groups.setdefault(runs[a].tobytes() + runs[b].tobytes(), []).append(k)
    p, made, all_of_them = np.ones(len(first)), np.zeros(len(first), dtype=int), np.zeros(len(first), dtype=bool)
    relabellings = int(np.clip(WORK // (len(first) * scores.shape[2]), LEAST, MOST))
    banks = _Banks(np.random.default_rng(seed), LABELLINGS[scores.shape[2] > 3], {})
    for members in groups.values():
        for some in np.array_split(members, max(1, len(members) * scores.shape[2] // 20_000)):
            p[some], made[some], all_of_them[some] = _group(scores, first[some], second[some], relabellings, banks)
    beyond = np.flatnonzero((p * (made + 1) < 1.5) & ~all_of_them)
    if len(beyond):
        parts = means(scores, first[beyond], second[beyond])
        tail = 2 * special.stdtr(parts.freedom, -np.abs(parts.difference) / np.maximum(parts.error, 1e-300))
        p[beyond] = np.minimum(p[beyond], tail)
    return Relabelled(p, made, all_of_them)


class _Banks(NamedTuple):
    """Labellings by (own runs, other runs), made when first needed: (tasks, labellings, runs) of 0 and 1."""

    rng: np.random.Generator
    size: int
    made: dict[tuple[int, int], np.ndarray]

    def of(self, own: int, other: int, tasks: int, size: int) -> np.ndarray:
        """The observed labelling first. All there are, the same for every task, where they are few."""
        bank = self.made.get((own, other))
        total = own + other
        every = comb(total, own)
        if bank is None and every <= size:
            bank = _every(own, other)[None]
        if bank is None or (len(bank) < tasks and every > size):
            order = np.argsort(self.rng.random((tasks, size, total), dtype=np.float32), axis=2)
            bank = (order < own).astype(float)
            bank[:, 0] = np.arange(total) < own
        self.made[own, other] = bank
        return bank[:tasks]


def _every(own: int, other: int) -> np.ndarray:
    from itertools import combinations

    total = own + other
    found = np.zeros((comb(total, own), total))
    for row, chosen in enumerate(combinations(range(total), own)):
        found[row, list(chosen)] = 1.0
    return found


def _group(
    scores: np.ndarray, first: np.ndarray, second: np.ndarray, relabellings: int, banks: _Banks
) -> tuple[np.ndarray, int, bool]:
    """Pairs that have equally many runs of every task as each other."""
    runs = np.count_nonzero(~np.isnan(scores), axis=1)
    own, other = runs[first[0]], runs[second[0]]
    tasks = np.flatnonzero((own > 0) & (other > 0) & (own + other > 2))
    if not len(tasks):
        return np.ones(len(first)), 0, True
    alone = len(tasks) == 1
    every = comb(int(own[tasks[0]] + other[tasks[0]]), int(own[tasks[0]])) if alone else 0
    exact = alone and every <= ENUMERATED
    size = (every if exact else relabellings + 1) if alone else banks.size
    table = _Banks(banks.rng, size, {}) if alone else banks
    gaps, errors = [], []
    for one in sorted({(int(own[t]), int(other[t])) for t in tasks}):
        members = tasks[(own[tasks] == one[0]) & (other[tasks] == one[1])]
        pooled = np.stack([_pooled(scores, first, second, t) for t in members])
        found = _labelled(table.of(*one, len(members), size), pooled, one)
        gaps.append(found[0])
        errors.append(found[1])
    if alone:
        whole, error = gaps[0][0], errors[0][0]
    else:
        whole, error = _drawn(gaps, errors, relabellings, banks.rng)
    floor = 1e-24 + 1e-12 * error.max(axis=0)
    statistic = np.abs(whole) / np.sqrt(np.maximum(error, floor))
    reached = (statistic >= statistic[0] * (1 - 1e-9) - 1e-9).sum(axis=0)
    return reached / len(statistic), len(statistic) - (0 if exact else 1), exact


def _drawn(
    gaps: list[np.ndarray], errors: list[np.ndarray], relabellings: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Sums over tasks of the observed labelling and of one labelling of each task drawn again and again."""
    whole = error = 0.0
    for gap, spread in zip(gaps, errors, strict=True):
        for one, its in zip(gap, spread, strict=True):
            chosen = rng.integers(0, len(one), relabellings + 1)
            chosen[0] = 0
            whole, error = whole + one[chosen], error + its[chosen]
    return np.asarray(whole), np.asarray(error)


def _pooled(scores: np.ndarray, first: np.ndarray, second: np.ndarray, task: int) -> np.ndarray:
    """(runs of both, pairs), the first system's runs first, less their mean."""
    sides = []
    for systems in (first, second):
        side = scores[systems, :, task]
        sides.append(side[~np.isnan(side)].reshape(len(systems), -1))
    pooled = np.concatenate(sides, axis=1).T
    return pooled - pooled.mean(axis=0)


def _labelled(bank: np.ndarray, pooled: np.ndarray, runs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Difference of means and its squared error under each labelling: (tasks, labellings, pairs) each."""
    own, other = runs
    square = pooled * pooled
    mine, squares = bank @ pooled, bank @ square
    # the values are centred: what one side has more the other has less
    a, b = mine / own, -mine / other
    within_a = np.maximum(squares - own * a * a, 0.0)
    within_b = np.maximum(square.sum(axis=1)[:, None] - squares - other * b * b, 0.0)
    pool = (within_a + within_b) / max(own + other - 2, 1)
    error_a = within_a / (own - 1) / own if own > 1 else pool
    error_b = within_b / (other - 1) / other if other > 1 else pool
    return a - b, error_a + error_b
