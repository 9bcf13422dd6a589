"""Measurements of many kinds of which most are missing, around a known order of systems."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from scipy.special import expit
from scipy.stats import kendalltau, rankdata

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.estimation.perturbation import written
from heldout.tasks.interfaces import Statistic

Question = Literal["truth", "whole"]

LEVELS, USUAL = (0.9, 0.99), 0.95


@dataclass(frozen=True)
class Measurements:
    """Systems of known utility on samples; half of the samples say right or wrong, half give a number on a scale of its own.

    The score is Kendall's tau of the points with, by `question`, the utilities (`truth`) or the mean rank over all samples
    with nothing missing (`whole`). Axis `missing`: the share of measurements not taken; `iid`: 95%.
    """

    question: Question = "truth"
    systems: int = 100
    questions: int = 2_000

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.question

    @property
    def splits(self) -> tuple[Split, ...]:
        """95% missing, then less and more."""
        return (Split("iid"), *(Split(f"missing-{level:.0%}", "missing", level) for level in LEVELS))

    @property
    def bounds(self) -> tuple[float, float]:
        """The order turned round, and the order."""
        return -1.0, 1.0

    @property
    def chance(self) -> float:
        """That of an order at random."""
        return 0.0

    def utility(self, key: Words) -> np.ndarray:
        """(systems,) log-strengths."""
        return key.generator().standard_normal(self.systems)

    def whole(self, key: Words) -> np.ndarray:
        """(systems, samples) with nothing missing: utilities with logistic noise, cut at a threshold or stretched."""
        rng = key.split("measurements").generator()
        shape = (self.systems, self.questions)
        heard = self.utility(key)[:, None] + rng.logistic(size=shape)
        threshold, scale = rng.logistic(size=self.questions), np.exp(1.5 * rng.standard_normal(self.questions))
        binary = np.arange(self.questions) % 2 == 0
        return np.where(binary, heard > threshold, scale * expit(heard - threshold))

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(systems, samples), NaN where nothing was measured."""
        values, rng = self.whole(key), key.split("missing").generator()
        return np.where(rng.random(values.shape) < (split.level or USUAL), np.nan, values)

    def truth(self, split: Split, key: Words) -> np.ndarray:  # noqa: ARG002
        """(systems,) points of the order asked for."""
        return self.utility(key) if self.question == "truth" else rankdata(self.whole(key), axis=0).mean(axis=1)

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` tables of measurements."""
        scores = np.empty(n)
        for i in range(n):
            one = key.split(i)
            points = model(self.observe(split, one), one.split("statistic"))
            tau, _ = kendalltau(points, self.truth(split, one))
            scores[i] = float(np.nan_to_num(np.asarray(tau)))
        return Outcomes(item_ids(key, n), scores, {})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Tables, and the system of the highest utility."""
        keys = [key.split(i) for i in range(n)]
        return [Sample(written(self.observe(split, k)), f"system {int(self.utility(k).argmax())}") for k in keys]

    def oracle(self) -> None:
        """Nobody knows utilities from measurements."""
        return
