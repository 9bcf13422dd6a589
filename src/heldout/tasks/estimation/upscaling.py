"""Model families on many tasks, of which the models with most compute are hidden."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.interfaces import Statistic

FAMILIES, SIZES, QUESTIONS = 6, 6, 200
ONSETS = (20.5, 24.5)
"""Decimal logarithms of the compute at which a task is half learnt."""


class Known(NamedTuple):
    """What is seen: compute (models,), scores (models, tasks), chance (tasks,), family (models,); and the compute asked about.

    `asked_family`: (asked,) family of each model asked about; -1 for one that is not among those seen.
    """

    compute: np.ndarray
    scores: np.ndarray
    chance: np.ndarray
    family: np.ndarray
    asked: np.ndarray
    asked_family: np.ndarray


class Drawn(NamedTuple):
    """What is seen, and the (asked, tasks) scores that are hidden."""

    known: Known
    hidden: np.ndarray


@dataclass(frozen=True)
class Upscaling:
    """Scores of the models with the most compute are foretold; the score is 1 less the mean absolute error.

    Scores are sigmoids in log compute between chance and a ceiling, with an onset and a slope of the task's own, a family's
    efficiency, noise between models, and the noise of 200 questions. A statistic gives (asked, tasks) forecasts. `question`:
    `aggregate`, the mean over tasks is graded; `single`, every task. `iid`: the top decade of compute is hidden. Axis
    `hidden`: so is the top half decade, or all of one family.
    """

    question: str = "aggregate"
    tasks: int = 30

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "mean over tasks" if self.question == "aggregate" else "single tasks"

    @property
    def splits(self) -> tuple[Split, ...]:
        """The top decade, the top half decade, a family."""
        return (
            Split("iid"),
            Split("half decade", "hidden", 0.5, "compute"),
            Split("family", "hidden", None, "family"),
        )

    @property
    def bounds(self) -> tuple[float, float]:
        """Scores are shares."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """An error of a half."""
        return 0.5

    def drawn(self, split: Split, key: Words) -> Drawn:
        """Fresh families and tasks; the hidden ones apart."""
        rng = key.generator()
        compute, family = _models(rng)
        chance = rng.choice([0.0, 0.25, 0.5], self.tasks)
        share = _shares(compute, family, self.tasks, rng)
        ceiling = rng.uniform(0.75, 1.0, self.tasks)
        truth = chance + np.maximum(ceiling - chance, 0.1) * share
        scores = rng.binomial(QUESTIONS, truth) / QUESTIONS
        if split.group == "family":
            hidden = family == family[np.argmax(compute)]
            asked_family = np.full(hidden.sum(), -1)
        else:
            hidden = compute > compute.max() - float(split.level or 1.0)
            asked_family = family[hidden]
        seen = ~hidden
        known = Known(10 ** compute[seen], scores[seen], chance, family[seen], 10 ** compute[hidden], asked_family)
        return Drawn(known, scores[hidden])

    def observe(self, split: Split, key: Words) -> Known:
        """The models that are seen."""
        return self.drawn(split, key).known

    def truth(self, split: Split, key: Words) -> np.ndarray:
        """(asked, tasks) scores of those that are not."""
        return self.drawn(split, key).hidden

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """One forecast for each of `n` sets of families and tasks."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            known, hidden = self.drawn(split, one)
            found = np.asarray(model(known, one.split("statistic")), float)
            off = found - hidden
            error = np.abs(off.mean(axis=1)).mean() if self.question == "aggregate" else np.abs(off).mean()
            scores[i], answers[i] = 1 - error, f"off by {100 * error:.1f} points"
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """What is seen, and the mean scores that are hidden."""
        found = [self.drawn(split, key.split(i)) for i in range(n)]
        return [
            Sample(
                f"{len(d.known.compute)} models seen up to {d.known.compute.max():.1e} FLOP, {len(d.hidden)} hidden up to "
                f"{d.known.asked.max():.1e}; means seen {np.round(np.sort(d.known.scores.mean(1)), 2).tolist()}",
                f"{np.round(d.hidden.mean(1), 3).tolist()}",
            )
            for d in found
        ]

    def oracle(self) -> None:
        """Nobody knows the noise."""
        return


def _models(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Decimal logarithms of compute, sorted, over three and a half decades, and families."""
    start = rng.uniform(20.0, 21.0, FAMILIES)
    reach = rng.uniform(1.5, 2.5, FAMILIES)
    compute = np.concatenate([np.linspace(s, s + r, SIZES) for s, r in zip(start, reach, strict=True)])
    family = np.repeat(np.arange(FAMILIES), SIZES)
    order = np.argsort(compute)
    return compute[order], family[order]


def _shares(compute: np.ndarray, family: np.ndarray, tasks: int, rng: np.random.Generator) -> np.ndarray:
    """(models, tasks) shares of the way from chance to the ceiling."""
    onset, slope = rng.uniform(*ONSETS, tasks), np.exp(rng.normal(0.7, 0.4, tasks))
    efficiency = rng.normal(0, 0.2, FAMILIES)[family]
    odds = slope * (compute[:, None] + efficiency[:, None] - onset) + rng.normal(0, 0.3, (len(compute), tasks))
    return 1 / (1 + np.exp(-odds))
