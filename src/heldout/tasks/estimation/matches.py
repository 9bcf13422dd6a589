"""Answers of systems to test cases, of which the law is known: whether scores are foretold and systems ordered."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from scipy.special import expit
from scipy.stats import rankdata

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.stats.ratings.agi_elo import calibration
from heldout.tasks.estimation.perturbation import written
from heldout.tasks.interfaces import Statistic

Question = Literal["calibration", "order"]

HELD = 0.2
"""The share of matches that no statistic sees."""


@dataclass(frozen=True)
class Matches:
    """Systems answer cases right or wrong by a two-parameter logistic law; four fifths of the matches are seen.

    The score, by `question`: `calibration`, one less the mean |expected - observed| of the unseen matches, in ten bins of
    what was expected; `order`, Spearman's correlation of the strengths with the accuracy on all cases. `iid`: every match
    was held. Axis `missing`: half were not, in the group `random` whichever, in the group `lopsided` some systems were
    asked easier cases than others.
    """

    question: Question = "order"
    systems: int = 20
    cases: int = 500

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.question

    @property
    def splits(self) -> tuple[Split, ...]:
        """Every match, then half of them."""
        return (Split("iid"), *(Split(f"{group}-half", "missing", 0.5, group) for group in ("random", "lopsided")))

    @property
    def bounds(self) -> tuple[float, float]:
        """As wrong as can be, and as right."""
        return (0.0, 1.0) if self.question == "calibration" else (-1.0, 1.0)

    @property
    def chance(self) -> float:
        """Strengths at random order nobody; expecting one half of everything is half a point off at most."""
        return 0.5 if self.question == "calibration" else 0.0

    def probabilities(self, key: Words) -> np.ndarray:
        """(systems, cases) of right answers; cases differ in difficulty and in how well they discriminate."""
        rng = key.generator()
        ability, difficulty = rng.standard_normal(self.systems), rng.standard_normal(self.cases)
        slope = np.exp(0.25 * rng.standard_normal(self.cases))
        return expit(slope * (ability[:, None] - difficulty[None, :]))

    def truth(self, split: Split, key: Words) -> np.ndarray:  # noqa: ARG002
        """(systems, cases) every answer, seen or not."""
        p = self.probabilities(key)
        return (key.split("answers").generator().random(p.shape) < p).astype(float)

    def seen(self, split: Split, key: Words) -> np.ndarray:
        """(systems, cases) which answers a statistic sees."""
        rng, shape = key.split("seen").generator(), (self.systems, self.cases)
        seen = rng.random(shape) >= HELD
        if split.group == "random":
            seen &= rng.random(shape) < 0.5
        elif split.group == "lopsided":
            hard = -self.probabilities(key).mean(axis=0)
            hard = (hard - hard.mean()) / hard.std()
            seen &= rng.random(shape) < expit(2 * rng.standard_normal((self.systems, 1)) * hard[None, :])
        return seen

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(systems, cases) answers, NaN where they are not seen."""
        return np.where(self.seen(split, key), self.truth(split, key), np.nan)

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` tables of answers."""
        scores = np.empty(n)
        for i in range(n):
            one = key.split(i)
            scores[i] = self._graded(model(self.observe(split, one), one.split("statistic")), split, one)
        return Outcomes(item_ids(key, n), scores, {})

    def _graded(self, found: Any, split: Split, key: Words) -> float:
        answers = self.truth(split, key)
        if self.question == "order":
            rho = np.corrcoef(rankdata(found.strength), rankdata(answers.mean(axis=1)))[0, 1]
            return float(np.nan_to_num(rho))
        unseen = np.where(self._held(key), answers, np.nan)
        return 1 - calibration(np.clip(found.expected, 0, 1), unseen)[0]

    def _held(self, key: Words) -> np.ndarray:
        """The matches that are kept back in every split alike: those that no split shows."""
        return ~self.seen(self.splits[0], key)

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Tables, and the best system by all its answers."""
        keys = [key.split(i) for i in range(n)]
        best = [int(self.truth(split, one).mean(axis=1).argmax()) for one in keys]
        return [Sample(written(self.observe(split, one)), f"system {b}") for one, b in zip(keys, best, strict=True)]

    def oracle(self) -> None:
        """Nobody knows how a coin falls that is yet to be thrown."""
        return
