"""Forecasts that need no theory: the last value, the mean, and the straight line in log-log, in closed form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from heldout.stats.forecasts.fit import scored
from heldout.stats.forecasts.points import Points, enough


@dataclass(frozen=True, eq=False)
class Level:
    """One value for every scale. `step`: what it is off by at one step of log scale, growing with their root if `walks`."""

    value: float
    step: float
    freedom: int
    last: float
    stride: float
    walks: bool
    log: bool = False
    found: Mapping[str, float] = field(default_factory=dict)

    def at(self, x: np.ndarray) -> np.ndarray:
        """(k,) times the value."""
        return np.full(len(x), self.value)

    def spread(self, x: np.ndarray) -> np.ndarray:
        """(k,) standard deviations."""
        steps = np.maximum((np.log(x) - self.last) / self.stride, 1.0) if self.walks else np.ones(len(x))
        return self.step * np.sqrt(steps)


@dataclass(frozen=True)
class Last:
    """The score at the largest scale stays (the mean of several there)."""

    parameters = 1
    log = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "last value"

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Level:  # noqa: ARG002
        """The last value; its error is that of the steps between scales so far, as of a random walk."""
        scales = given.scales
        means = np.array([given.at(s).y.mean() for s in scales])
        steps = np.diff(means)
        logs = np.log(scales)
        stride = float(np.diff(logs).mean()) if len(scales) > 1 else 1.0
        size = float(np.sqrt((steps**2).mean())) if len(steps) else np.inf
        return Level(float(means[-1]), size, max(len(steps), 1), float(logs[-1]), stride, True)


@dataclass(frozen=True)
class Mean:
    """The mean of all scores so far."""

    parameters = 1
    log = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "mean"

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Level:  # noqa: ARG002
        """The mean with the usual error of a new value."""
        n = len(given)
        size = float(given.y.std(ddof=1) * np.sqrt(1 + 1 / n)) if n > 1 else np.inf
        return Level(float(given.y.mean()), size, max(n - 1, 1), float(given.logs[-1]), 1.0, False)


@dataclass(frozen=True, eq=False)
class Straight:
    """log y = intercept + slope (log x - centre), with the textbook error of a new value."""

    intercept: float
    slope: float
    centre: float
    error: float
    n: int
    across: float
    log: bool = True

    @property
    def freedom(self) -> int:
        """Points less two."""
        return self.n - 2

    @property
    def found(self) -> Mapping[str, float]:
        """The a and b of y = a x^-b, or place and slope of y = a + b log10 x."""
        if self.log:
            return {"a": float(np.exp(self.intercept - self.slope * self.centre)), "b": -self.slope}
        return {"a": self.intercept - self.slope * self.centre, "b": self.slope * float(np.log(10))}

    def at(self, x: np.ndarray) -> np.ndarray:
        """(k,) predicted scores."""
        line = self.intercept + self.slope * (np.log(x) - self.centre)
        return np.exp(line) if self.log else line

    def spread(self, x: np.ndarray) -> np.ndarray:
        """(k,) standard deviations of a new value."""
        off = np.log(x) - self.centre
        return self.error * np.sqrt(1 + 1 / self.n + off**2 / self.across)


@dataclass(frozen=True)
class Line:
    """y = a x^-b by least squares in log-log, or, not `log`, y = a + b log10 x: closed forms."""

    log: bool = True
    parameters = 2

    @property
    def name(self) -> str:
        """The name in tables."""
        return "line in log-log" if self.log else "line in log x"

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Straight:  # noqa: ARG002
        """The line."""
        enough(given, 2, self.name)
        target, u = scored(self, given.y), given.logs - given.logs.mean()  # pyright: ignore[reportArgumentType]
        slope = float(u @ target / (u @ u))
        rest = target - target.mean() - slope * u
        error = float(np.sqrt(rest @ rest / (len(u) - 2)))
        return Straight(float(target.mean()), slope, float(given.logs.mean()), error, len(u), float(u @ u), self.log)
