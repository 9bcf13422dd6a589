"""What the units so far say of several measures at once, under one method, at every look that they reach."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heldout.stats import betting, binomial, groupsequential, signflip
from heldout.stats.groupsequential import Orbit


@dataclass(frozen=True)
class Sample:
    """The data of measures judged alike, one a row.

    `values`: (rows, units). `low`, `high`: (rows,) bounds of the values. `looks`: those that the units reach, of
    `planned` ones.
    """

    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    looks: tuple[int, ...]
    planned: int

    @property
    def means(self) -> np.ndarray:
        """(rows, looks)."""
        return np.column_stack([self.values[:, :n].mean(axis=1) for n in self.looks])

    def onto_unit(self, values: np.ndarray) -> np.ndarray:
        """Something of the rows, mapped from their bounds onto [0, 1]."""
        low = self.low.reshape((-1,) + (1,) * (values.ndim - 1))
        high = self.high.reshape(low.shape)
        return (values - low) / (high - low)


class Evidence(ABC):
    """A test of every row, with the intervals and estimates that go with it."""

    sample: Sample

    @abstractmethod
    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """The index of the first look that shows each row above, and below, its bound, two-sided at `level`.

        The number of looks stands where none does.
        """

    @abstractmethod
    def intervals(self, level: float) -> np.ndarray:
        """What is not rejected by each look: (rows, looks, 2), nested in time."""

    @abstractmethod
    def estimates(self) -> np.ndarray:
        """The mean or the median: (rows, looks)."""


@dataclass(frozen=True)
class Means(Evidence):
    """Means of bounded values, by betting."""

    sample: Sample

    @cached_property
    def _unit(self) -> np.ndarray:
        return np.clip(self.sample.onto_unit(self.sample.values), 0.0, 1.0)

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By the wealth of bets on either side."""
        at, looks = self.sample.onto_unit(bounds), self.sample.looks
        above = betting.first_rejection(self._unit, at, level / 2, looks)
        return above, betting.first_rejection(1.0 - self._unit, 1.0 - at, level / 2, looks)

    def intervals(self, level: float) -> np.ndarray:
        """The betting confidence sequence."""
        ends = np.stack([e.T for e in betting.limits(self._unit, level, self.sample.looks)], axis=2)
        low, width = self.sample.low, self.sample.high - self.sample.low
        return low[:, None, None] + width[:, None, None] * ends

    def estimates(self) -> np.ndarray:
        """Means."""
        return self.sample.means


@dataclass(frozen=True)
class Flips(Evidence):
    """Means of differences, by flipping their signs about a bound."""

    sample: Sample

    @cached_property
    def orbit(self) -> Orbit:
        """The sums under every pattern of signs."""
        return signflip.orbit(self.sample.values, self.sample.looks, self.sample.planned)

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By the rank of the observed sum among the flipped ones, and its sign."""
        none = len(self.sample.looks)
        found = groupsequential.first_rejection(self.orbit, level, bounds)
        seen = np.take_along_axis(self.sample.means, np.minimum(found, none - 1)[:, None], axis=1)[:, 0]
        return np.where(seen > bounds, found, none), np.where(seen < bounds, found, none)

    def intervals(self, level: float) -> np.ndarray:
        """By inverting the test."""
        return groupsequential.limits(self.orbit, level)

    def estimates(self) -> np.ndarray:
        """Means."""
        return self.sample.means


@dataclass(frozen=True)
class BoundedFlips(Evidence):
    """Sign flips to decide, where lopsided differences would spoil their interval: that comes by betting."""

    sample: Sample

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By sign flips."""
        return self._flips.sides(bounds, level)

    @cached_property
    def _flips(self) -> Flips:
        return Flips(self.sample)

    def shift(self, row: int, look: int, level: float) -> tuple[float, float]:
        """The narrower interval that holds if the effect shifts every unit alike: the test inverted, at one look."""
        low, high = groupsequential.limits(self._flips.orbit.until(look, row), level)[0, -1]
        return float(max(low, self.sample.low[row])), float(min(high, self.sample.high[row]))

    def intervals(self, level: float) -> np.ndarray:
        """By betting."""
        return Means(self.sample).intervals(level)

    def estimates(self) -> np.ndarray:
        """Means."""
        return self.sample.means


@dataclass(frozen=True)
class Signs(Evidence):
    """Medians, by the signs of what lies on either side."""

    sample: Sample

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By counting; a unit equal to the bound counts for neither side."""
        values, looks = self.sample.values, self.sample.looks
        least = np.array(binomial.median_boundaries(looks, level, self.sample.planned))

        def first(beyond: np.ndarray) -> np.ndarray:
            reached = np.cumsum(beyond, axis=1)[:, np.array(looks) - 1] >= least
            return np.where(reached.any(axis=1), reached.argmax(axis=1), len(looks))

        return first(values > bounds[:, None]), first(values < bounds[:, None])

    def intervals(self, level: float) -> np.ndarray:
        """Between order statistics, within the bounds."""
        s = self.sample
        ends = np.stack([binomial.median_limits(row, s.looks, level, s.planned) for row in s.values])
        return np.clip(ends, s.low[:, None, None], s.high[:, None, None])

    def estimates(self) -> np.ndarray:
        """Medians."""
        return np.column_stack([np.median(self.sample.values[:, :n], axis=1) for n in self.sample.looks])


@dataclass(frozen=True)
class Proportions(Evidence):
    """Shares of successes among outcomes that are 0 or 1."""

    sample: Sample

    @cached_property
    def _counts(self) -> np.ndarray:
        ends = np.array(self.sample.looks) - 1
        return np.cumsum(self.sample.values > 0.5, axis=1)[:, ends]

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By the exact boundaries for each proportion."""
        s, half = self.sample, level / 2
        failures = np.array(s.looks) - self._counts
        rows = list(zip(self._counts, failures, np.clip(bounds, 0.0, 1.0), strict=True))
        above = [binomial.first_rejection(x, s.looks, float(p), half, s.planned) for x, _, p in rows]
        below = [binomial.first_rejection(y, s.looks, float(1 - p), half, s.planned) for _, y, p in rows]
        return np.array(above), np.array(below)

    def intervals(self, level: float) -> np.ndarray:
        """By inverting the test, look by look."""
        s = self.sample
        ends = [
            [binomial.limits(x[: k + 1], s.looks[: k + 1], level, s.planned) for k in range(len(x))]
            for x in self._counts.tolist()
        ]
        return np.array(ends)

    def estimates(self) -> np.ndarray:
        """Shares."""
        return self._counts / np.array(self.sample.looks)


@dataclass(frozen=True)
class Mixed(Evidence):
    """Means of outcomes in [0, 1] of which the first were all 0 or 1: shares up to there, bets from then on.

    So a verdict that stood on shares still stands when the first outcome between 0 and 1 arrives.
    """

    sample: Sample

    @cached_property
    def _early(self) -> list[Proportions | None]:
        found: list[Proportions | None] = []
        for values in self.sample.values:
            plain = np.isin(values, (0.0, 1.0))
            looks = tuple(n for n in self.sample.looks if plain[:n].all())
            part = Sample(
                values[None, : looks[-1]], self.sample.low[:1], self.sample.high[:1], looks, self.sample.planned
            )
            found.append(Proportions(part) if looks else None)
        return found

    def sides(self, bounds: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """By shares at the looks that saw nothing else, by betting at the others."""
        ends = Means(self.sample).sides(bounds, level)
        for row, early in enumerate(self._early):
            if early:
                for mine, found in zip(ends, early.sides(bounds[row : row + 1], level), strict=True):
                    k = len(early.sample.looks)
                    mine[row] = found[0] if found[0] < k else max(mine[row], k)
        return ends

    def intervals(self, level: float) -> np.ndarray:
        """Likewise, nested in time."""
        ends = Means(self.sample).intervals(level)
        for row, early in enumerate(self._early):
            if early:
                ends[row, : len(early.sample.looks)] = early.intervals(level)[0]
        low, high = np.maximum.accumulate(ends[:, :, 0], axis=1), np.minimum.accumulate(ends[:, :, 1], axis=1)
        return np.stack((low, high), axis=2)

    def estimates(self) -> np.ndarray:
        """Means."""
        return self.sample.means
