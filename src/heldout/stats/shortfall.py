"""What an undecided pair still lacks: how many more runs or tasks settle it, and which runs are worth the most.

From the variance components of the tables at hand and the test that will be used. The difference assumed is the one
seen so far unless another is given; it is uncertain, and so is every number here: ask again with the ends of its
interval. Items with repeated answers are planned by `heldout.stats.power.Items`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import nct, t

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate
from heldout.stats.sample import differences as differences_of
from heldout.stats.sample import fraction

Test = Callable[[np.ndarray, np.ndarray], float]
"""Two (runs, tasks) tables to a p-value."""


@dataclass(frozen=True)
class Components:
    """What makes the difference of two systems vary, over the T tasks that both have.

    `differences`: (T,) of task means. `runs`: (2, T) runs so far. `within`: (2, T) variances between runs, a cell of one
    run given the mean variance of its system. `residuals`: (2, k) runs less their task mean, in standard deviations.
    """

    differences: np.ndarray
    runs: np.ndarray
    within: np.ndarray
    residuals: tuple[np.ndarray, np.ndarray]

    @property
    def difference(self) -> float:
        """Mean over tasks of the differences."""
        return float(self.differences.mean())

    @property
    def between(self) -> float:
        """Variance over tasks of the true difference: that of the differences less what runs put into it; at least 0."""
        if len(self.differences) < 2:
            return 0.0
        return max(0.0, float(self.differences.var(ddof=1) - (self.within / self.runs).sum(axis=0).mean()))

    def error(self, more: int | np.ndarray = 0) -> float:
        """Standard error of the difference on these tasks once every cell, (2, T), has `more` runs."""
        return float(np.sqrt((self.within / (self.runs + more)).sum()) / len(self.differences))

    def freedom(self, more: int | np.ndarray = 0) -> float:
        """Satterthwaite's degrees of freedom of that error."""
        terms = self.within / (self.runs + more)
        below = (terms**2 / np.maximum(self.runs + more - 1, 1)).sum()
        return float(terms.sum() ** 2 / below) if below > 0 else np.inf


@dataclass(frozen=True)
class Aim:
    """What a test should achieve: to see `difference` (the one seen so far if None) with `power`, two-sided at `alpha`."""

    difference: float | None = None
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        fraction(self.alpha)
        fraction(self.power, "the power")

    def assumed(self, parts: Components) -> float:
        """The difference that the test is to see."""
        return parts.difference if self.difference is None else self.difference


def components(a: np.ndarray, b: np.ndarray) -> Components:
    """Variance components of two (runs, tasks) tables over their common tasks; HeldoutError if no cell has two runs."""
    tables = [aggregate.table(one) for one in (a, b)]
    if tables[0].ndim != 2 or tables[0].shape[1:] != tables[1].shape[1:]:
        raise HeldoutError(
            f"tables of shapes {a.shape} and {b.shape} are not over the same tasks: give runs x tasks each"
        )
    runs = np.stack([aggregate.runs_per_task(one) for one in tables])
    common = (runs > 0).all(axis=0)
    if not common.any():
        raise HeldoutError("the two systems have no task in common: nothing settles the pair before they do")
    tables, runs = [one[:, common] for one in tables], runs[:, common]
    means = np.stack([aggregate.task_means(one) for one in tables])
    within, residuals = zip(*(_within(one, n) for one, n in zip(tables, runs, strict=True)), strict=True)
    return Components(means[0] - means[1], runs, np.stack(within), residuals)


def _within(table: np.ndarray, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    off = table - aggregate.task_means(table)
    known = runs > 1
    if not known.any():
        raise HeldoutError("a system has one run of every task: how runs vary is unknown, so run any task twice first")
    variance = np.nansum(off**2, axis=0) / np.maximum(runs - 1, 1)
    # residuals of n runs are sqrt((n - 1) / n) of a standard deviation long
    scale = np.sqrt(variance * (runs - 1) / runs)
    used = known & (scale > 0)
    scaled = off[:, used] / scale[used]
    return np.where(known, variance, variance[known].mean()), scaled[~np.isnan(scaled)]


def power(parts: Components, more: int | np.ndarray = 0, aim: Aim = Aim()) -> float:
    """Power of the two-sided stratified t test of the difference on these tasks, with `more` runs of every cell."""
    return _power(aim.assumed(parts), parts.error(more), parts.freedom(more), aim.alpha)


def power_over_tasks(parts: Components, tasks: int, runs: int, aim: Aim = Aim()) -> float:
    """Power of the paired t test over `tasks` tasks like these, `runs` runs of each by either system."""
    variance = parts.between + float(parts.within.sum(axis=0).mean()) / runs
    return _power(aim.assumed(parts), float(np.sqrt(variance / tasks)), tasks - 1, aim.alpha)


def more_runs(parts: Components, aim: Aim = Aim(), cap: int = 10_000) -> int | None:
    """Fewest runs to add to every cell so that the stratified t test has the power aimed at; None beyond `cap`."""
    return _least(lambda more: power(parts, more, aim), aim.power, 0, cap)


def more_tasks(parts: Components, runs: int, aim: Aim = Aim(), cap: int = 10_000) -> int | None:
    """Fewest tasks to add, `runs` runs each, so that the paired t test over tasks has the power aimed at.

    The claim is then about tasks like these, and more runs alone may never settle it. None beyond `cap`.
    """
    have = len(parts.differences)
    return _least(lambda more: power_over_tasks(parts, have + more, runs, aim), aim.power, max(0, 2 - have), cap)


def more_items(differences: np.ndarray, aim: Aim = Aim(), cap: int = 1_000_000) -> int | None:
    """Fewest items to add to (n,) paired differences so that the paired t test has the power aimed at; None beyond `cap`."""
    values = differences_of(differences, least=2)
    spread, effect = values.std(ddof=1), float(values.mean()) if aim.difference is None else aim.difference
    have = len(values)
    return _least(
        lambda more: _power(effect, spread / np.sqrt(have + more), have + more - 1, aim.alpha), aim.power, 0, cap
    )


def more_runs_by_simulation(
    parts: Components, test: Test, rng: np.random.Generator, aim: Aim = Aim(), *, sims: int = 400, cap: int = 256
) -> int | None:
    """Fewest runs to add to every cell so that `test` itself has the power aimed at; None beyond `cap`.

    Tables of the final size are simulated: task means as seen (moved to the difference aimed at), runs drawn from all
    residuals of the system, scaled to the task (Colas et al., 2018, simulate the test in the same spirit).
    """

    def share(more: int) -> float:
        return float(np.mean([test(*simulated(parts, more, rng, aim)) <= aim.alpha for _ in range(sims)]))

    return _least(share, aim.power, 0, cap)


def simulated(
    parts: Components, more: int, rng: np.random.Generator, aim: Aim = Aim()
) -> tuple[np.ndarray, np.ndarray]:
    """Two tables as they might look with `more` runs of every cell: NaN where a cell has fewer runs than another."""
    moved = aim.assumed(parts) - parts.difference
    tables = []
    for level, runs, within, residuals in zip(
        (parts.differences + moved, np.zeros(len(parts.differences))),
        parts.runs,
        parts.within,
        parts.residuals,
        strict=True,
    ):
        shape = (int(runs.max()) + more, len(runs))
        noise = rng.choice(residuals, shape) if len(residuals) else np.zeros(shape)
        table = level + np.sqrt(within) * noise
        tables.append(np.where(np.arange(shape[0])[:, None] < runs + more, table, np.nan))
    return tables[0], tables[1]


def worth(parts: Components) -> np.ndarray:
    """Share of the squared standard error that one more run of each cell would remove: (2, T)."""
    gain = parts.within / (parts.runs * (parts.runs + 1.0))
    total = (parts.within / parts.runs).sum()
    return gain / total if total > 0 else np.zeros(gain.shape)


def allocated(parts: Components, budget: int) -> np.ndarray:
    """How to spend `budget` runs over the cells for the smallest standard error: (2, T) runs to add to each.

    One after the other where a run is worth the most, which is optimal, since each further run of a cell is worth less.
    """
    if budget < 0:
        raise HeldoutError(f"a budget of {budget} runs: it cannot be negative")
    added = np.zeros(parts.runs.shape, dtype=int)
    for _ in range(budget):
        runs = parts.runs + added
        added[np.unravel_index(np.argmax(parts.within / (runs * (runs + 1.0))), runs.shape)] += 1
    return added


def _power(effect: float, error: float, freedom: float, alpha: float) -> float:
    if error == 0:
        return float(effect != 0)
    shift, critical = effect / error, float(t.ppf(1 - alpha / 2, freedom))
    # SciPy's non-central t overflows in tails that are nothing: the wrong side of a shift of 5 has less than 1e-6
    freedom, shift = min(freedom, 1e6), abs(shift)
    if shift > 37 + critical:
        return 1.0
    wrong = nct.cdf(-critical, freedom, shift) if shift < 5 else 0.0
    return float(nct.sf(critical, freedom, shift) + wrong)


def _least(power: Callable[[int], float], target: float, start: int, cap: int) -> int | None:
    """The smallest number from `start` with the target power, by doubling and halving; None where `cap` lacks it."""
    if power(start) >= target:
        return start
    low, high = start, max(1, 2 * start)
    while power(high) < target:
        if high >= cap:
            return None
        low, high = high, min(2 * high, cap)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= target else (middle, high)
    return high
