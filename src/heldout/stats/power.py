"""Power of fixed-sample designs, and how many units they take.

`effect` is a difference in standard deviations (of one value, or of a paired difference). Every test is two-sided.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, nct, norm, t

from heldout.core.errors import HeldoutError
from heldout.stats.sample import fraction


def paired_t(effect: float, n: int, alpha: float = 0.05) -> float:
    """Power of the paired t test with `n` pairs whose differences have mean `effect` standard deviations."""
    return _t(effect * math.sqrt(n), n - 1, alpha)


def unpaired_t(effect: float, n: int, alpha: float = 0.05) -> float:
    """Power of the t test of two samples of `n` values each."""
    return _t(effect * math.sqrt(n / 2), 2 * n - 2, alpha)


def sign_test(rate: float, n: int, alpha: float = 0.05) -> float:
    """Power of the exact sign test with `n` pairs of which a share `rate` favours the first system."""
    return proportion(rate, 0.5, n, alpha)


def proportion(rate: float, bound: float, n: int, alpha: float = 0.05) -> float:
    """Power of the exact binomial test (alpha/2 a side) of `bound` with `n` trials that succeed at `rate`."""
    for name, value in (("rate", rate), ("bound", bound)):
        if not 0 <= value <= 1:
            raise HeldoutError(f"the {name} is {value}, and must lie within 0 and 1")
    k = np.arange(n + 1)
    half = fraction(alpha) / 2 * (1 + 1e-12)
    rejected = (binom.sf(k - 1, n, bound) <= half) | (binom.cdf(k, n, bound) <= half)
    return float(binom.pmf(k, n, rate) @ rejected)


def simulated(
    test: Callable[[np.random.Generator, int], float], n: int, *, sims: int = 2_000, alpha: float = 0.05, seed: int = 0
) -> float:
    """Power by simulation of any test: `test(rng, n)` draws `n` units and returns a p-value."""
    if sims < 1:
        raise HeldoutError(f"{sims} simulations: it takes at least one")
    rng = np.random.default_rng(seed)
    return float(np.mean([test(rng, n) <= fraction(alpha) for _ in range(sims)]))


def least(power: Callable[[int], float], target: float = 0.8, *, start: int = 2, cap: int = 100_000) -> int:
    """The smallest n from `start` at which `power(n)` reaches `target`; HeldoutError where none does up to `cap`.

    Powers of exact tests rise in a saw-tooth: n is looked for in strides, then one by one from well below.
    """
    fraction(target, "the target power")
    low, high = start, start
    while power(high) < target:
        low, high = high, min(high + max(high // 8, 1), cap)
        if low == high:
            raise HeldoutError(f"no n up to {cap} reaches power {target:g}: state a larger effect")
    for n in range(start if high <= 256 else max(low - low // 4, start), high):
        if power(n) >= target:
            return n
    return high


@dataclass(frozen=True)
class Items:
    """What makes a paired difference of two systems on items vary.

    `between`: standard deviation over items of the true difference. `first`, `second`: of one answer's score around its
    item's mean, for either system. `repeats`: answers per item and system. `size`, `correlation`: items per cluster
    and their intraclass correlation.
    """

    between: float
    first: float = 0.0
    second: float = 0.0
    repeats: int = 1
    size: float = 1.0
    correlation: float = 0.0

    def __post_init__(self) -> None:
        if min(self.between, self.first, self.second) < 0 or self.repeats < 1 or self.size < 1:
            raise HeldoutError(f"{self}: give standard deviations from 0 and repeats and cluster sizes from 1")

    @property
    def variance(self) -> float:
        """Of one item's measured difference, times the design effect of its cluster."""
        within = (self.first**2 + self.second**2) / self.repeats
        return (self.between**2 + within) * max(1 + (self.size - 1) * self.correlation, 0.0)


def items_power(difference: float, n: int, items: Items, alpha: float = 0.05) -> float:
    """Power to see a mean `difference` on `n` items by the normal test (Miller, 2024)."""
    return _z(difference, items.variance / n, alpha)


def items_needed(difference: float, items: Items, power: float = 0.8, alpha: float = 0.05) -> int:
    """Items to see a mean `difference`: (z_alpha/2 + z_beta)^2 variance / difference^2 (Miller, 2024)."""
    return math.ceil(_factor(power, alpha) * items.variance / _nonzero(difference) ** 2)


@dataclass(frozen=True)
class Levels:
    """What makes a mean paired difference over tasks and seeds vary, from a pilot.

    `tasks`: standard deviation over tasks of the true difference. `runs`: of a single run's difference around its task's.
    """

    tasks: float
    runs: float

    def __post_init__(self) -> None:
        if min(self.tasks, self.runs) < 0:
            raise HeldoutError(f"{self}: give standard deviations from 0")

    def variance(self, tasks: int, runs: int) -> float:
        """Of the mean over `tasks` tasks of `runs` runs each: tasks^2/T + runs^2/(T R)."""
        return self.tasks**2 / tasks + self.runs**2 / (tasks * runs)

    @classmethod
    def of(cls, differences: np.ndarray) -> "Levels":
        """Estimates both from a pilot: (tasks, runs) paired differences, by analysis of variance, not below 0."""
        table = np.asarray(differences, dtype=float)
        if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
            raise HeldoutError(
                f"a pilot of shape {table.shape}: give finite differences of at least two tasks by two runs"
            )
        within = float(table.var(axis=1, ddof=1).mean())
        between = float(table.mean(axis=1).var(ddof=1)) - within / table.shape[1]
        return cls(math.sqrt(max(between, 0.0)), math.sqrt(within))


def levels_power(difference: float, tasks: int, runs: int, levels: Levels, alpha: float = 0.05) -> float:
    """Power to see a mean `difference` over tasks of the kind at hand: t over task means, T - 1 degrees of freedom."""
    if tasks < 2 or runs < 1:
        raise HeldoutError(f"{tasks} tasks and {runs} runs: a test over tasks takes two tasks and one run of each")
    error = math.sqrt(levels.variance(tasks, runs))
    if error == 0:
        return float(difference != 0)
    return _t(difference / error, tasks - 1, alpha)


def runs_needed(
    difference: float, tasks: int, levels: Levels, power: float = 0.8, alpha: float = 0.05, cap: int = 10_000
) -> int:
    """Runs on each of `tasks` tasks; HeldoutError where only more tasks would do, with how many."""
    if levels_power(difference, tasks, cap, levels, alpha) < power:
        enough = least(lambda t: levels_power(difference, t, cap, levels, alpha), power)
        raise HeldoutError(f"no number of runs on {tasks} tasks reaches power {power:g}: it takes {enough} tasks")
    return least(lambda r: levels_power(difference, tasks, r, levels, alpha), power, start=1, cap=cap)


def _t(noncentrality: float, df: int, alpha: float) -> float:
    if df < 1:
        raise HeldoutError("a t test takes at least two values")
    limit, shift = float(t.isf(fraction(alpha) / 2, df)), abs(noncentrality)
    # SciPy's noncentral t overflows in tails that are nothing: the wrong side of a shift of 5 has less than 1e-6
    wrong = float(nct.cdf(-limit, df, shift)) if shift < 5 else 0.0
    return 1.0 if shift > 37 + limit else float(nct.sf(limit, df, shift)) + wrong


def _z(difference: float, variance: float, alpha: float) -> float:
    if variance == 0:
        return float(difference != 0)
    shift, limit = difference / math.sqrt(variance), float(norm.isf(fraction(alpha) / 2))
    return float(norm.sf(limit - shift) + norm.cdf(-limit - shift))


def _factor(power: float, alpha: float) -> float:
    return float(norm.isf(fraction(alpha) / 2) + norm.ppf(fraction(power, "the power"))) ** 2


def _nonzero(difference: float) -> float:
    if difference == 0 or not math.isfinite(difference):
        raise HeldoutError(f"the difference to see is {difference}: state the smallest one that matters")
    return difference
