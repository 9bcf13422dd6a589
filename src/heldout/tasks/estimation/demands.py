"""Systems with planted abilities on items of known demands: whether abilities are found and success is foreseen."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from scipy import special

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.stats.abilities.calibration import auroc
from heldout.tasks.interfaces import Statistic

DIMENSIONS, STEEPNESS = 4, 2.0
"""Kinds of demand, levels 0 to 5 each, and logits that a level of the hardest one costs."""


class Answered(NamedTuple):
    """Items answered by one system. `demands`: (items, dimensions). `outcomes`: (items,) 0 or 1."""

    demands: np.ndarray
    outcomes: np.ndarray


class Asked(NamedTuple):
    """What an assessor is given: descriptions of items whose outcomes are known, the outcomes, items to foresee.

    `demands`, `texts`: (items, k) two descriptions; the latter tells mostly what task an item belongs to. `known`: (items,)
    bool. `outcomes`: (items,), NaN where not known.
    """

    demands: np.ndarray
    texts: np.ndarray
    known: np.ndarray
    outcomes: np.ndarray


def succeeded(ability: np.ndarray, demands: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(items,) outcomes: what decides is the demand that exceeds its ability most."""
    return (rng.random(len(demands)) < special.expit(STEEPNESS * (ability - demands).min(axis=1))).astype(float)


@dataclass(frozen=True)
class Profiled:
    """The score is 1 where the interval for the ability on the first demand holds the planted one, else 0.

    400 items; on each one demand stands out, the others being two levels lower or more. Axis `mixed`: all demands of an
    item are drawn alike.
    """

    items: int = 400

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "ability profile"

    @property
    def splits(self) -> tuple[Split, ...]:
        """One demand stands out, then none does."""
        return (Split("iid"), Split("all-alike", "mixed", 1))

    @property
    def bounds(self) -> tuple[float, float]:
        """Missed and held."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of an interval of no width."""
        return 0.0

    def ability(self, key: Words) -> np.ndarray:
        """(dimensions,) planted abilities."""
        return key.split("ability").generator().uniform(1.5, 4, DIMENSIONS)

    def observe(self, split: Split, key: Words) -> Answered:
        """The items and the system's outcomes."""
        rng = key.generator()
        demands = rng.integers(0, 6, (self.items, DIMENSIONS)).astype(float)
        if split.axis is None:
            top = rng.integers(0, DIMENSIONS, self.items)
            first = np.arange(DIMENSIONS) == top[:, None]
            highest = rng.integers(1, 6, self.items).astype(float)
            lower = np.maximum(highest - 2, 0)[:, None]
            demands = np.where(first, highest[:, None], np.minimum(demands, lower))
        return Answered(demands, succeeded(self.ability(key), demands, rng))

    def truth(self, split: Split, key: Words) -> float:  # noqa: ARG002
        """The ability on the first demand."""
        return float(self.ability(key)[0])

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` systems."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            low, high = model(self.observe(split, one), one.split("profile"))
            scores[i] = low <= self.truth(split, one) <= high
            answers[i] = f"{low:.3g} to {high:.3g}"
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some systems in words."""
        seen = [(self.observe(split, key.split(i)), self.truth(split, key.split(i))) for i in range(n)]
        return [Sample(f"{int(a.outcomes.sum())} of {self.items} items solved", f"ability {t:.2f}") for a, t in seen]

    def oracle(self) -> Statistic:
        """The whole line."""
        return lambda _seen, _key: (-np.inf, np.inf)


@dataclass(frozen=True)
class Foreseen:
    """The score is the area under the ROC curve of an assessor's predictions for a quarter of one system's items.

    Twenty tasks in five benchmarks, fifteen items each; a task has demands of its own, a benchmark's tasks have alike ones. `iid`:
    random items are foreseen. Axis `fold`: 1, all items of a quarter of the tasks; 2, of one benchmark.
    """

    benchmarks: int = 5
    tasks: int = 4
    each: int = 15

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "assessor"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Random items, tasks, a benchmark."""
        return (Split("iid"), Split("held-out-tasks", "fold", 1), Split("held-out-benchmark", "fold", 2))

    @property
    def bounds(self) -> tuple[float, float]:
        """All in the wrong order, all in the right one."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Random order."""
        return 0.5

    def observe(self, split: Split, key: Words) -> Asked:
        """What an assessor is given."""
        return self._drawn(split, key)[0]

    def truth(self, split: Split, key: Words) -> np.ndarray:
        """(items,) outcomes."""
        return self._drawn(split, key)[1]

    def _drawn(self, split: Split, key: Words) -> tuple[Asked, np.ndarray]:
        rng = key.generator()
        number = self.benchmarks * self.tasks
        task = np.repeat(np.arange(number), self.each)
        common = np.repeat(rng.uniform(0.5, 3.5, (self.benchmarks, DIMENSIONS)), self.tasks, axis=0)
        centre = common + rng.standard_normal((number, DIMENSIONS))
        demands = np.clip(np.round(centre[task] + rng.standard_normal((len(task), DIMENSIONS))), 0, 5)
        # a text tells its task at once, and its demands in the same faint way everywhere
        place = np.repeat(rng.standard_normal((self.benchmarks, 8)), self.tasks, axis=0)
        place = place + rng.standard_normal((number, 8))
        faint = demands @ rng.standard_normal((DIMENSIONS, 8)) / 4
        texts = place[task] + faint + 0.5 * rng.standard_normal((len(task), 8))
        outcomes = succeeded(rng.uniform(1.5, 4, DIMENSIONS), demands, rng)
        group = {None: rng.permutation(len(task)) % 4, "fold": rng.permutation(number)[task] % 4}[split.axis]
        if split.level == 2:
            group = np.where(task // self.tasks == rng.integers(self.benchmarks), 0, 1)
        return Asked(demands, texts, group != 0, np.where(group == 0, np.nan, outcomes)), outcomes

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` systems; where the items to foresee are all solved, or none, there is no order and one half is scored."""
        scores = np.empty(n)
        for i in range(n):
            seen, outcomes = self._drawn(split, key.split(i))
            made = np.asarray(model(seen, key.split(i, "assessor")))
            area = auroc(made, outcomes[~seen.known])
            scores[i] = 0.5 if np.isnan(area) else area
        return Outcomes(item_ids(key, n), scores, {})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some systems in words."""
        seen = [self._drawn(split, key.split(i)) for i in range(n)]
        return [
            Sample(f"{int((~a.known).sum())} items to foresee", f"{y[~a.known].mean():.2f} solved") for a, y in seen
        ]

    def oracle(self) -> Statistic | None:
        """Nobody knows the outcomes."""
        return None
