"""One learner under many configurations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

from heldout.core import seeds
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.trained import put


class Range(Protocol):
    """The values that a swept field may take."""

    def at(self, quantile: float) -> Any:
        """The value at a quantile in [0, 1)."""
        ...


@dataclass(frozen=True)
class Uniform:
    """Values spread evenly between two bounds."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise HeldoutError(f"Uniform({self.low:g}, {self.high:g}) is empty: the first bound must be the lower")

    def at(self, quantile: float) -> float:
        """The value at a quantile in [0, 1)."""
        return self.low + (self.high - self.low) * quantile


@dataclass(frozen=True)
class LogUniform:
    """Values whose logarithm is spread evenly between two positive bounds."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise HeldoutError(f"LogUniform({self.low:g}, {self.high:g}) needs bounds with 0 < low < high")

    def at(self, quantile: float) -> float:
        """The value at a quantile in [0, 1)."""
        return math.exp(math.log(self.low) + (math.log(self.high) - math.log(self.low)) * quantile)


class Choice:
    """A few given values."""

    __match_args__ = ("values",)

    def __init__(self, *values: Any) -> None:
        if not values:
            raise HeldoutError("Choice() is empty: give it the values to choose from")
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and self.values == other.values

    def __hash__(self) -> int:
        return hash(("Choice", self.values))

    def at(self, quantile: float) -> Any:
        """The value at a quantile in [0, 1)."""
        return self.values[int(quantile * len(self.values))]


@dataclass(frozen=True)
class Sweep:
    """A learner whose named fields vary; every configuration runs every seed.

    `ranges`: (field path such as "lr" or "model.width", range) pairs. If all are `Choice`, the grid is run in full,
    otherwise `configs` random draws that depend on the sweep alone.
    """

    learner: Any
    ranges: Sequence[tuple[str, Range]]
    configs: int = 20

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranges", tuple((path, one) for path, one in self.ranges))
        if self.configs < 1 or not self.ranges:
            raise HeldoutError(f"a sweep of {self.learner.name!r} needs a range and at least one configuration")
        self._learner(tuple(one.at(0.0) for _, one in self.ranges))  # a field that is not there is found now

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.learner.name

    def members(self) -> list[tuple[str, Any]]:
        """Every configuration as (its text, its learner)."""
        return [(self._text(values), self._learner(values)) for values in self._values()]

    def _values(self) -> list[tuple[Any, ...]]:
        ranges = [r for _, r in self.ranges]
        if all(isinstance(r, Choice) for r in ranges):
            return list(product(*(r.values for r in ranges if isinstance(r, Choice))))
        rng = seeds.words("sweep", digest(self.learner), len(ranges)).generator()
        return [
            tuple(r.at(float(q)) for r, q in zip(ranges, row, strict=True))
            for row in rng.random((self.configs, len(ranges)))
        ]

    def _text(self, values: tuple[Any, ...]) -> str:
        shown = (f"{v:.4g}" if isinstance(v, float) else str(getattr(v, "name", v)) for v in values)
        return " ".join(f"{path}={value}" for (path, _), value in zip(self.ranges, shown, strict=True))

    def _learner(self, values: tuple[Any, ...]) -> Any:
        learner = self.learner
        for (path, _), value in zip(self.ranges, values, strict=True):
            learner = put(learner, tuple(path.split(".")), value)
        return learner


def members(learner: Any) -> list[tuple[str, Any]]:
    """The configurations of a sweep, or the learner itself under the empty text."""
    return learner.members() if isinstance(learner, Sweep) else [("", learner)]
