"""What the units so far say of one measure, under one method, at every look that they reach."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heldout.claims.method import Method
from heldout.core.claim import Atom, Compare
from heldout.stats import betting, binomial, groupsequential, signflip
from heldout.stats.groupsequential import Orbit

Decision = tuple[int, int] | None
"""The index of the look and the side: 1 above the bound, -1 below it; or nothing yet."""


class Evidence(ABC):
    """A comparison's data and test; `looks` are the counts of units reached so far."""

    looks: tuple[int, ...]

    @abstractmethod
    def against(self, bound: float, level: float) -> Decision:
        """The first look at which the measure is shown to lie off the bound, two-sided at `level`."""

    @abstractmethod
    def intervals(self, level: float) -> np.ndarray:
        """What is not rejected by each look: (looks, 2), nested in time."""

    @abstractmethod
    def estimates(self) -> np.ndarray:
        """The mean or median at each look."""


def _earlier(above: int, below: int, reached: int) -> Decision:
    if min(above, below) >= reached:
        return None
    return (above, 1) if above <= below else (below, -1)


@dataclass(frozen=True)
class Means(Evidence):
    """The mean of bounded values, by betting."""

    method: Method
    values: np.ndarray
    looks: tuple[int, ...]

    @cached_property
    def _unit(self) -> np.ndarray:
        return betting.onto_unit(self.values, self.method.bounds)[None]

    def against(self, bound: float, level: float) -> Decision:
        """By the wealth of bets on either side."""
        low, high = self.method.bounds
        at = (bound - low) / (high - low)
        above = betting.first_rejection(self._unit, at, level / 2, self.looks)[0]
        below = betting.first_rejection(1.0 - self._unit, 1.0 - at, level / 2, self.looks)[0]
        return _earlier(int(above), int(below), len(self.looks))

    def intervals(self, level: float) -> np.ndarray:
        """The betting confidence sequence."""
        low, high = self.method.bounds
        ends = np.column_stack([e[:, 0] for e in betting.limits(self._unit, level, self.looks)])
        return low + (high - low) * ends

    def estimates(self) -> np.ndarray:
        """Means."""
        return np.array([self.values[:n].mean() for n in self.looks])


@dataclass(frozen=True)
class Flips(Evidence):
    """The mean of differences, by flipping their signs about a bound."""

    method: Method
    values: np.ndarray
    looks: tuple[int, ...]

    @cached_property
    def _orbit(self) -> Orbit:
        return signflip.orbit(self.values, self.looks, len(self.method.looks))

    def against(self, bound: float, level: float) -> Decision:
        """By the rank of the observed sum among the flipped ones."""
        look = int(groupsequential.first_rejection(self._orbit, level, bound)[0])
        if look == len(self.looks):
            return None
        return look, (1 if self.estimates()[look] > bound else -1)

    def intervals(self, level: float) -> np.ndarray:
        """By betting where values are bounded, else by inverting the test."""
        if self.method.bounded:
            return Means(self.method, self.values, self.looks).intervals(level)
        ends = [groupsequential.limits(self._orbit, level, k) for k in range(len(self.looks))]
        low, high = np.maximum.accumulate([e[0][0] for e in ends]), np.minimum.accumulate([e[1][0] for e in ends])
        return np.column_stack((low, high))

    def estimates(self) -> np.ndarray:
        """Means."""
        return np.array([self.values[:n].mean() for n in self.looks])


@dataclass(frozen=True)
class Signs(Evidence):
    """The median, by the signs of what lies on either side."""

    method: Method
    values: np.ndarray
    looks: tuple[int, ...]

    def against(self, bound: float, level: float) -> Decision:
        """By counting; a unit equal to the bound counts for neither side."""
        least = binomial.median_boundaries(self.looks, level, len(self.method.looks))

        def first(beyond: np.ndarray) -> int:
            return next((k for k, n in enumerate(self.looks) if beyond[:n].sum() >= least[k]), len(self.looks))

        return _earlier(first(self.values > bound), first(self.values < bound), len(self.looks))

    def intervals(self, level: float) -> np.ndarray:
        """Between order statistics, within the measure's bounds."""
        ends = binomial.median_limits(self.values, self.looks, level, len(self.method.looks))
        return np.clip(ends, *self.method.bounds)

    def estimates(self) -> np.ndarray:
        """Medians."""
        return np.array([np.median(self.values[:n]) for n in self.looks])


@dataclass(frozen=True)
class Proportion(Evidence):
    """The share of successes among outcomes that are 0 or 1."""

    method: Method
    values: np.ndarray
    looks: tuple[int, ...]

    def _counts(self) -> list[int]:
        return [int(self.values[:n].sum()) for n in self.looks]

    def against(self, bound: float, level: float) -> Decision:
        """By the exact boundaries for that proportion."""
        n, counts = len(self.method.looks), self._counts()
        if not 0.0 <= bound <= 1.0:
            return (0, 1 if bound < 0 else -1)
        failures = [look - x for look, x in zip(self.looks, counts, strict=True)]
        above = binomial.first_rejection(counts, self.looks, bound, level / 2, n)
        below = binomial.first_rejection(failures, self.looks, 1.0 - bound, level / 2, n)
        return _earlier(above, below, len(self.looks))

    def intervals(self, level: float) -> np.ndarray:
        """By inverting the test, look by look."""
        counts, n = self._counts(), len(self.method.looks)
        return np.array([binomial.limits(counts[: k + 1], self.looks[: k + 1], level, n) for k in range(len(counts))])

    def estimates(self) -> np.ndarray:
        """Shares."""
        return np.array(self._counts()) / np.array(self.looks)


@dataclass(frozen=True)
class Certain(Evidence):
    """A closed form: the first value is all there is to know."""

    value: float
    looks: tuple[int, ...] = (1,)

    def against(self, bound: float, level: float) -> Decision:  # noqa: ARG002
        """At once; a value equal to the bound lies on neither side, and shows neither claim."""
        return 0, int(np.sign(self.value - bound))

    def intervals(self, level: float) -> np.ndarray:  # noqa: ARG002
        """The value itself."""
        return np.full((1, 2), self.value)

    def estimates(self) -> np.ndarray:
        """The value itself."""
        return np.array([self.value])


@dataclass(frozen=True)
class Bracket(Evidence):
    """Values of which some are only known to lie beyond: judged with them as low, and as high, as they can be."""

    least: Evidence
    greatest: Evidence
    typical: np.ndarray
    looks: tuple[int, ...]

    def against(self, bound: float, level: float) -> Decision:
        """Above if even the lowest values are, below if even the highest are."""
        up, down = self.least.against(bound, level), self.greatest.against(bound, level)
        above = up[0] if up and up[1] > 0 else len(self.looks)
        below = down[0] if down and down[1] < 0 else len(self.looks)
        return _earlier(above, below, len(self.looks))

    def intervals(self, level: float) -> np.ndarray:
        """From the low end of the one to the high end of the other."""
        return np.column_stack((self.least.intervals(level)[:, 0], self.greatest.intervals(level)[:, 1]))

    def estimates(self) -> np.ndarray:
        """With censored values where they were seen last."""
        return self.typical


def decide(atom: Atom, evidence: Evidence, level: float) -> Decision:
    """The look at which the atom is decided at `level`, and 1 for supported, -1 for refuted."""
    if isinstance(atom, Compare):
        found = evidence.against(atom.bound, level)
        return found and (found[0], 1 if found[1] == atom.side else -1)
    least, greatest = atom.target - atom.margin, atom.target + atom.margin
    for k, (low, high) in enumerate(evidence.intervals(level)):
        if least <= low and high <= greatest:
            return k, 1
        if high < least or low > greatest:
            return k, -1
    return None
