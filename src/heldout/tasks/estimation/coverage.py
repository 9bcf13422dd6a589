"""Whether an interval holds the mean of the law that its data came from."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from heldout.core import HeldoutError, Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.interfaces import Statistic

LAWS = {"normal": 0.0, "exponential": 1.0, "log-normal": math.exp(0.5)}
"""The mean of each law in its standard form."""


@dataclass(frozen=True)
class Coverage:
    """So many observations of a law are seen; the score is 1 where the interval holds the law's mean, else 0.

    Axis `size`: the number of observations; groups: the laws. `iid`: ten normal ones.
    """

    sizes: tuple[int, ...] = (5, 10, 20, 80)
    iid: int = 10

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "coverage"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Normal data, then every size of every law."""
        return (Split("iid"), *(Split(f"{law}-{n}", "size", n, law) for law in LAWS for n in self.sizes))

    @property
    def bounds(self) -> tuple[float, float]:
        """Missed and held."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of an interval of no width."""
        return 0.0

    def observe(self, split: Split, key: Words) -> np.ndarray:
        """(size,) independent observations."""
        rng, n = key.generator(), int(split.level or self.iid)
        normal = rng.standard_normal(n)
        return {"exponential": rng.standard_exponential(n), "log-normal": np.exp(normal)}.get(split.group or "", normal)

    def truth(self, split: Split, key: Words) -> float:  # noqa: ARG002
        """The mean of the law."""
        return LAWS[split.group or "normal"]

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """One interval for each of `n` data sets."""
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            one = key.split(i)
            low, high = interval(model(self.observe(split, one), one.split("statistic")))
            scores[i], answers[i] = low <= self.truth(split, one) <= high, f"{low:.4g} to {high:.4g}"
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Data sets (the first two dozen of each) with the truth behind them."""
        data = [self.observe(split, key.split(i)) for i in range(n)]
        shown = [" ".join(f"{x:.2f}" for x in d[:24]) + " ..." * (len(d) > 24) for d in data]
        return [
            Sample(f"{len(d)}: {text}", f"{self.truth(split, key):.4g}") for d, text in zip(data, shown, strict=True)
        ]

    def oracle(self) -> Statistic:
        """The whole line, which holds everything."""
        return lambda _data, _key: (-math.inf, math.inf)


def interval(found: Any) -> tuple[float, float]:
    """The two ends of what a statistic gave."""
    ends = np.asarray(found, float)
    if ends.shape != (2,):
        raise HeldoutError(f"a statistic gave {found!r}: an interval is two numbers, (low, high)")
    return float(ends[0]), float(ends[1])
