"""What a table of results amounts to: the one value that every page of a comparison is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heldout.core.verdict import Verdict
from heldout.results.table import Table

if TYPE_CHECKING:
    from heldout.results.abilities import Abilities
    from heldout.results.reliability import Reliability

PairVerdict = Literal["a better", "b better", "equivalent", "undecided"]


@dataclass(frozen=True)
class Interval:
    """A number with its 95% interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Condition:
    """Weights of tasks under which a system has the highest mean. `possible`: whether any do.

    `moved`: the share of the weight that has to move until it draws level with its last rival, 0 for the leader, NaN where none
    would do. `weights`: (task, weight) of the tasks whose weight changes on the way there, the most gained first.
    """

    possible: bool
    moved: float
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class SystemRow:
    """One system: aggregates over its tasks. `coverage`: the share of tasks that it has.

    `win_rate`: with the 95% interval of what tables of as many runs, items or tasks would show on average. `ranks`:
    the probability of each rank by the mean, the first first. `leads`: what it would take to lead, where that was worked out.
    """

    system: str
    runs: int
    tasks: int
    coverage: float
    iqm: Interval
    mean: Interval
    median: Interval
    optimality_gap: Interval
    win_rate: Interval
    rank: tuple[int, int]  # simultaneous 95% interval of the rank by the mean
    ranks: tuple[float, ...] = ()
    leads: Condition | None = None


@dataclass(frozen=True)
class PairRow:
    """Two systems compared. `paired_by`: item, seed, task or "" where nothing pairs them; `n`: units compared.

    `p_adjusted`: after family-wise control over all pairs. `more_units`: further units a side that would probably settle an
    undecided pair if the effect is as estimated (None: decided, or no number would do); `worth`: 1 for the pair where
    they are worth most.
    """

    a: str
    b: str
    difference: Interval
    probability_of_improvement: Interval
    effect_size: float
    p_adjusted: float
    verdict: PairVerdict
    paired_by: str
    n: int
    unit: str
    method: str
    assumption: str
    more_units: int | None = None
    worth: int | None = None


@dataclass(frozen=True)
class TaskRow:
    """One task: how much it separates the systems. `note`: saturated, redundant with another, decides the winner, or ""."""

    task: str
    spread: float
    correlation: float
    note: str


@dataclass(frozen=True)
class Profile:
    """A performance profile: the share of runs above each threshold, with a 95% band."""

    system: str
    thresholds: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """Everything `heldout compare` says of a table. `abilities`: where it holds responses; `reliability`: where they are repeated.

    `alpha`: the error over all pairs, and over all claims; `target`: the score up to which the optimality gap counts.
    """

    table: Table
    systems: tuple[SystemRow, ...]
    pairs: tuple[PairRow, ...]
    rankings: Mapping[str, tuple[str, ...]]
    profiles: tuple[Profile, ...]
    tasks: tuple[TaskRow, ...]
    warnings: tuple[str, ...]
    claims: tuple[Verdict, ...] = ()
    normalised: str = "none"
    abilities: "Abilities | None" = None
    reliability: "Reliability | None" = None
    alpha: float = 0.05
    target: float = 1.0
