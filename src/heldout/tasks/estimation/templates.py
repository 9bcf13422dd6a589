"""Question templates of known difficulty: what the four metrics of Dynamic Intelligence Assessment say of those who answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids, words
from heldout.stats.reliability.abstention import PENALTY, assess, per_template
from heldout.tasks.interfaces import Statistic

Question = Literal["reliability", "success", "confidence", "near_miss", "instability", "coverage"]

MANY = 100_000
WITHIN = 0.5
"""Standard deviation of difficulty among the instances of a template; that among templates is 1.5."""

Agent = Callable[[np.ndarray, Words], np.ndarray]


@dataclass(frozen=True)
class Templates:
    """An agent is asked `instances` instances of each of `templates` templates.

    What the score is, by `question`: `reliability`, `success`, `confidence`, `near_miss`, that metric; `instability`, success less
    confidence; `coverage`, 1 where the 95% interval of the reliability score over templates holds what endless templates
    would give, else 0. Axis `instances`: of each template; `iid`: five.
    """

    question: Question = "reliability"
    templates: int = 40

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.question.replace("_", " ")

    @property
    def splits(self) -> tuple[Split, ...]:
        """Five instances of a template, and twenty."""
        return (Split("iid"), Split("20-instances", "instances", 20))

    @property
    def bounds(self) -> tuple[float, float]:
        """All wrong and all right; shares."""
        return (-PENALTY, 1.0) if self.question == "reliability" else (0.0, 1.0)

    @property
    def chance(self) -> float:
        """Who never answers."""
        return 0.0

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(templates, instances) difficulties."""
        return _difficulty(self.templates, int(split.level or 5), key)

    def truth(self, agent: Agent) -> float:
        """The agent's reliability score on endless templates."""
        return _reliability(agent)

    def trials(self, model: Agent, split: Split, key: Words, n: int) -> Outcomes:
        """`n` assessments, each of fresh templates."""
        scores, shown = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            codes = model(self.observe(split, one), one.split("dice"))
            scores[i] = self._graded(model, codes, one)
            shown[i] = f"{(codes == 1).sum()} right, {(codes == 0).sum()} declined, {(codes == -1).sum()} wrong"
        return Outcomes(item_ids(key, n), scores, {"answer": shown})

    def _graded(self, model: Agent, codes: np.ndarray, key: Words) -> float:
        if self.question == "coverage":
            found = assess(codes, key.split("bootstrap").generator(), resamples=500).reliability
            return float(found.low <= self.truth(model) <= found.high)
        parts = per_template(codes)
        if self.question == "instability":
            return float((parts["success"] - parts["confidence"]).mean())
        return float(parts[self.question].mean())

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Difficulties of the first templates."""
        found = [self.observe(split, key.split(i)) for i in range(n)]
        return [
            Sample(f"{d.shape[1]} instances each: {np.array2string(d[:3, :5], precision=2)} ...", f"{d.mean():.3f}")
            for d in found
        ]

    def oracle(self) -> Statistic | None:
        """Who is always right; of near misses and instability nobody is the best, and the truth is not his to cover."""
        return (lambda difficulty, _key: np.ones(difficulty.shape, int)) if self.question in BEST else None


BEST = ("reliability", "success", "confidence")


def _difficulty(templates: int, instances: int, key: Words) -> np.ndarray:
    rng = key.split("difficulty").generator()
    return 1.5 * rng.standard_normal((templates, 1)) + WITHIN * rng.standard_normal((templates, instances))


@lru_cache(maxsize=64)
def _reliability(agent: Agent) -> float:
    key = words("endless templates")
    codes = agent(_difficulty(MANY, 5, key), key)
    return float(per_template(codes)["reliability"].mean())
