"""Tables of scores that were drawn around a known order of the systems."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.estimation.perturbation import SPLITS, perturbed, written
from heldout.tasks.interfaces import Statistic


@dataclass(frozen=True)
class KnownOrder:
    """Systems in a known order are measured on tasks; the score is Kendall's tau of the points with that order, ties none.

    `law`: `gumbel`, normal abilities plus Gumbel noise (so that each task's ranks follow Plackett and Luce); `mallows`,
    each task's ranks follow Mallows' model with `dispersion` (towards 1, any order is as likely), and its scores are as
    many sorted normal draws. Every task has a difficulty of its own. Axes: one for each thing that may befall a table.
    """

    law: Literal["gumbel", "mallows"] = "gumbel"
    systems: int = 12
    tasks: int = 10
    dispersion: float = 0.8

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.law.title()

    @property
    def splits(self) -> tuple[Split, ...]:
        """Whole tables, then everything that may befall."""
        return (Split("iid"), *SPLITS)

    @property
    def bounds(self) -> tuple[float, float]:
        """The order reversed, and found."""
        return -1.0, 1.0

    @property
    def chance(self) -> float:
        """Any order."""
        return 0.0

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(systems, tasks) scores, NaN where missing."""
        rng = key.generator()
        truth, difficulty = self.truth(split, key), rng.standard_normal(self.tasks)
        scores = self._gumbel(truth, rng) if self.law == "gumbel" else self._mallows(truth, rng)
        scores = scores - difficulty
        if split.axis is None:
            return scores
        return perturbed(scores, split.axis, split.level or 0, key.split("perturbation").generator())

    def truth(self, split: Split, key: Words) -> np.ndarray:  # noqa: ARG002
        """(systems,) abilities, all different: their order is what there is to be found."""
        return key.split("ability").generator().standard_normal(self.systems)

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` tables."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            points = np.asarray(model(self.observe(split, one), one), float)
            scores[i] = tau(self.truth(split, one), points)
            answers[i] = " ".join(map(str, np.argsort(-points, kind="stable").tolist()))
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Tables, and the order behind them."""
        keys = [key.split(i) for i in range(n)]
        orders = [" ".join(map(str, np.argsort(-self.truth(split, one)).tolist())) for one in keys]
        return [Sample(written(self.observe(split, one)), order) for one, order in zip(keys, orders, strict=True)]

    def oracle(self) -> None:
        """None: the order cannot be read off a table."""

    def _gumbel(self, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return truth[:, None] + rng.gumbel(size=(self.systems, self.tasks))

    def _mallows(self, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        scores = np.empty((self.systems, self.tasks))
        for task in range(self.tasks):
            drawn = mallows(np.argsort(-truth), self.dispersion, rng)
            scores[drawn, task] = np.sort(rng.standard_normal(self.systems))[::-1]
        return scores


def mallows(centre: np.ndarray, dispersion: float, rng: np.random.Generator) -> list[int]:
    """An order drawn with probability proportional to dispersion ** (pairs in another order than in `centre`).

    By repeated insertion (Doignon, Pekec and Regenwetter, 2004): the i-th system goes to j places before the end with
    probability proportional to dispersion ** j, `dispersion` being above 0 and below 1.
    """
    order: list[int] = []
    kept = 1 - dispersion ** np.arange(1, len(centre) + 1)
    back = np.floor(np.log1p(-kept * rng.random(len(centre))) / np.log(dispersion)).astype(int)
    for i, system in enumerate(centre.tolist()):
        order.insert(i - min(int(back[i]), i), system)
    return order


def tau(truth: np.ndarray, points: np.ndarray) -> float:
    """Kendall's tau: pairs in the same order less those in the other, over all pairs; NaN points come last."""
    points = np.round(np.where(np.isnan(points), -np.inf, points), 9)
    first, second = np.triu_indices(len(truth), 1)
    above = (points[first] > points[second]).astype(float) - (points[first] < points[second])
    return float((np.sign(truth[first] - truth[second]) * above).mean())
