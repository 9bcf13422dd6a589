"""Aggregates of a system's runs on many tasks, of which the truth is known: covered, how tightly, in which order."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from scipy.special import ndtr

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.interfaces import Statistic

Aggregate = Literal["iqm", "median", "mean"]
Question = Literal["coverage", "tightness", "ordering"]

RUNS, USUAL = (3, 10), 5
BISECTIONS = 60


class Found(NamedTuple):
    """What a statistic says of one system: which aggregate it worked out, its estimate and its interval."""

    aggregate: Aggregate
    estimate: float
    low: float
    high: float


class Law(NamedTuple):
    """Log-normal scores of one system: the mean of each task, and the spread on the log scale, both (tasks,)."""

    mean: np.ndarray
    spread: np.ndarray

    def runs(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """(n, tasks) independent scores."""
        noise = rng.standard_normal((n, len(self.mean)))
        return self.mean * np.exp(self.spread * noise - self.spread**2 / 2)

    def aggregate(self, name: Aggregate) -> float:
        """The aggregate with endless runs; the IQM is the mean between the quartiles of all tasks' scores, in closed form."""
        if name != "iqm":
            return float(np.median(self.mean) if name == "median" else self.mean.mean())
        centre = np.log(self.mean) - self.spread**2 / 2
        cuts = np.array([self._quantile(centre, share) for share in (0.25, 0.75)])
        below = ndtr((cuts[:, None] - centre - self.spread**2) / self.spread)
        return 2 * float((self.mean * (below[1] - below[0])).mean())

    def _quantile(self, centre: np.ndarray, share: float) -> float:
        """The logarithm below which `share` of the scores lie."""
        low, high = float((centre - 10 * self.spread).min()), float((centre + 10 * self.spread).max())
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            low, high = (low, middle) if ndtr((middle - centre) / self.spread).mean() > share else (middle, high)
        return (low + high) / 2


@dataclass(frozen=True)
class Aggregates:
    """One system's scores on freshly drawn tasks are seen; task means are log-normal, and so are scores within a task.

    What the score is, by `question`: `coverage`, 1 where the interval holds what endless runs of the same tasks would
    give, else 0; `tightness`, 1 / (1 + width of the interval); `ordering`, 1 where of two systems, one of them `gain`
    better on every task, the better one has the higher estimate, and one half where they tie.
    Axis `runs`: runs of each task; `iid`: five.
    """

    question: Question = "coverage"
    tasks: int = 26
    gain: float = 0.05

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.question

    @property
    def splits(self) -> tuple[Split, ...]:
        """Five runs, then fewer and more."""
        return (Split("iid"), *(Split(f"{n}-runs", "runs", n) for n in RUNS))

    @property
    def bounds(self) -> tuple[float, float]:
        """Missed, endlessly wide or in the wrong order; held, a point or in the right order."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """A coin orders two systems; intervals have no such floor."""
        return 0.5 if self.question == "ordering" else 0.0

    def law(self, key: Words) -> Law:
        """The tasks, drawn afresh for every key."""
        rng = key.generator()
        return Law(np.exp(rng.standard_normal(self.tasks)), rng.uniform(0.15, 0.6, self.tasks))

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(runs, tasks) scores of one system."""
        return self.law(key).runs(int(split.level or USUAL), key.split("runs").generator())

    def better(self, split: Split, key: Words) -> np.ndarray:
        """(runs, tasks) scores of a system that is better by `gain` on every task."""
        law = self.law(key)
        law = Law(law.mean * (1 + self.gain), law.spread)
        return law.runs(int(split.level or USUAL), key.split("better").generator())

    def truth(self, split: Split, key: Words) -> dict[Aggregate, float]:  # noqa: ARG002
        """Every aggregate with endless runs."""
        law = self.law(key)
        return {name: law.aggregate(name) for name in ("iqm", "median", "mean")}

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """One table, or two, for each of `n` task sets."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            found = model(self.observe(split, one), one.split("statistic"))
            scores[i] = self._graded(model, found, split, one)
            answers[i] = f"{found.estimate:.4g}, {found.low:.4g} to {found.high:.4g}"
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def _graded(self, model: Statistic, found: Found, split: Split, key: Words) -> float:
        if self.question == "coverage":
            return float(found.low <= self.law(key).aggregate(found.aggregate) <= found.high)
        if self.question == "tightness":
            return 1 / (1 + found.high - found.low)
        other = model(self.better(split, key), key.split("statistic of the better"))
        return (float(np.sign(other.estimate - found.estimate)) + 1) / 2

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Tables (the runs of four tasks of each) with what is to be found."""
        keys = [key.split(i) for i in range(n)]
        tables = [self.observe(split, one) for one in keys]
        shown = [f"{len(t)} runs of {self.tasks} tasks: {np.array2string(t[:, :4].T, precision=2)} ..." for t in tables]
        truth = [", ".join(f"{k} {v:.3g}" for k, v in self.truth(split, one).items()) for one in keys]
        return [Sample(text, answer) for text, answer in zip(shown, truth, strict=True)]

    def oracle(self) -> Statistic | None:
        """The whole line, which holds everything; a point, which is tightest; nobody knows the order from one table."""
        ends = {"coverage": (-math.inf, math.inf), "tightness": (0.0, 0.0)}.get(self.question)
        return None if ends is None else lambda _scores, _key: Found("mean", 0.0, *ends)
