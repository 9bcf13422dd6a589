"""The coverage of an interval for a success rate, worked out in full instead of simulated."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.stats import binom

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.estimation.coverage import Coverage, interval
from heldout.tasks.interfaces import Statistic


@dataclass(frozen=True)
class Successes:
    """So many runs succeed or fail, with probability `rate`; the score is the probability that the interval holds it.

    A closed form: every number of successes is tried and weighed by its probability, so there is one instance per split.
    Axis `size`: the number of runs. `iid`: five.
    """

    rate: float = 0.9
    sizes: tuple[int, ...] = (10, 20, 80)
    iid: int = 5

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "successes"

    @property
    def splits(self) -> tuple[Split, ...]:
        """A few runs, then more."""
        return (Split("iid"), *(Split(f"{n}-runs", "size", n) for n in self.sizes))

    @property
    def bounds(self) -> tuple[float, float]:
        """Never and always."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of an interval of no width."""
        return 0.0

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(size,) ones and zeros, ones first."""
        n = int(split.level or self.iid)
        return np.sort(key.generator().binomial(1, self.rate, n))[::-1].astype(float)

    def truth(self, split: Split, key: Words) -> float:  # noqa: ARG002
        """The success rate."""
        return self.rate

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:  # noqa: ARG002
        """One instance: all that can be observed, each weighed by its probability."""
        size = int(split.level or self.iid)
        data = [np.repeat([1.0, 0.0], [k, size - k]) for k in range(size + 1)]
        found = [interval(model(d, key.split(k))) for k, d in enumerate(data)]
        held = [low <= self.rate <= high for low, high in found]
        score = float(np.clip(binom.pmf(np.arange(size + 1), size, self.rate) @ np.array(held), 0, 1))
        return Outcomes(item_ids(key, 1), np.array([score]), {})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some numbers of successes."""
        data = [self.observe(split, key.split(i)) for i in range(n)]
        return [Sample(f"{int(d.sum())} of {len(d)} runs succeed", f"{self.rate:g}") for d in data]

    def oracle(self) -> Statistic:
        """The whole line, which holds everything."""
        return Coverage().oracle()
