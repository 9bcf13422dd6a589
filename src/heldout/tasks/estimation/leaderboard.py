"""Leaderboards of simulated systems: which of them wins, and whether it still does when something befalls the table."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.stats.voting.condorcet import condorcet
from heldout.stats.voting.points import winners
from heldout.tasks.estimation.perturbation import SPLITS, perturbed, written
from heldout.tasks.interfaces import Statistic

Question = Literal["same winner", "best system", "Condorcet winner"]


@dataclass(frozen=True)
class Leaderboard:
    """Systems of normal ability, each task adding its own difficulty and noise, and multiplying all by a scale of its own.

    What the score is, by `question`: `same winner`, 1 where those with most points are the same before and after
    something befell the table, else 0; `best system`, the share of the most able system in the first place after it;
    `Condorcet winner`, the share in the first place of the system that beats every other on most tasks, of tables that
    have one. `scales`: the standard deviation of the logarithm of the tasks' scales; 0 where all tasks are measured alike.
    Axes: one for each thing that may befall; `inserted`: so many systems below the average join. `iid`: one task dropped,
    or nothing where no winner has to stay.
    """

    question: Question = "same winner"
    scales: float = 1.0
    systems: int = 15
    tasks: int = 15

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.question}, {'one scale' if self.scales == 0 else 'uneven scales'}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """As little as possible, then everything that may befall; tables are whole where a Condorcet winner is asked for."""
        if self.question == "Condorcet winner":
            return (Split("iid"),)
        return (Split("iid"), *SPLITS, Split("1-inserted", "inserted", 1), Split("3-inserted", "inserted", 3))

    @property
    def bounds(self) -> tuple[float, float]:
        """Another winner, and the right one."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Any system."""
        return 1 / self.systems

    def ability(self, key: Words) -> np.ndarray:
        """(systems,) how good each is."""
        return key.split("ability").generator().standard_normal(self.systems)

    def before(self, key: Words) -> np.ndarray:
        """(systems, tasks) scores before anything befell them."""
        return self._scores(self.ability(key), key)

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(systems, tasks) scores, NaN where missing; systems that joined come last."""
        rng = key.split("perturbation").generator()
        if split.axis == "inserted":
            newcomers = -np.abs(rng.standard_normal(int(split.level or 0)))
            return self._scores(np.concatenate([self.ability(key), newcomers]), key)
        if split.axis is None and self.question != "same winner":
            return self.before(key)
        return perturbed(self.before(key), split.axis or "dropped", split.level or 1, rng)

    def truth(self, split: Split, key: Words) -> int | None:  # noqa: ARG002
        """The most able system, or the Condorcet winner (None where there is none)."""
        if self.question == "Condorcet winner":
            return condorcet(self.before(key))
        return int(self.ability(key).argmax())

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` leaderboards; where a Condorcet winner is asked for, those drawn without one are drawn again."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = self._usable(key.split(i))
            after = winners(model(self.observe(split, one), one))
            if self.question == "same winner":
                scores[i] = set(after.tolist()) == set(winners(model(self.before(one), one)).tolist())
            else:
                scores[i] = (after == self.truth(split, one)).sum() / max(len(after), 1)
            answers[i] = ", ".join(map(str, after.tolist()))
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Tables, and the system that should win."""
        keys = [self._usable(key.split(i)) for i in range(n)]
        return [Sample(written(self.observe(split, one)), f"system {self.truth(split, one)}") for one in keys]

    def oracle(self) -> Statistic | None:
        """The first system always wins, and so stays; nobody knows the most able; Copeland finds a Condorcet winner."""
        if self.question == "best system":
            return None
        if self.question == "same winner":
            return lambda scores, _key: -np.arange(len(scores), dtype=float)
        return _beats_all

    def _scores(self, ability: np.ndarray, key: Words) -> np.ndarray:
        """Row by row, so that those who join leave the scores of the others as they were."""
        rng = key.generator()
        difficulty = rng.standard_normal(self.tasks)
        scale = np.exp(self.scales * rng.standard_normal(self.tasks))
        return scale * (ability[:, None] - difficulty + rng.standard_normal((len(ability), self.tasks)))

    def _usable(self, key: Words) -> Words:
        while self.question == "Condorcet winner" and condorcet(self.before(key)) is None:
            key = key.split("again")
        return key


def _beats_all(scores: np.ndarray, _key: object) -> np.ndarray:
    return (np.arange(len(scores)) == condorcet(scores)).astype(float)
