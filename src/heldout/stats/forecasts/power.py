"""Power laws: straight in log-log, with an offset, with a break."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heldout.stats.forecasts.descent import logaddexp
from heldout.stats.forecasts.fit import Fit, fitted
from heldout.stats.forecasts.points import Points

LOW = -30.0
"""The logarithm of an offset that is as good as none."""


@dataclass(frozen=True)
class Power:
    """y = a x^-b + c with a, c > 0 (Hestness et al., 2017; Rosenfeld et al., 2020): c is what no scale removes."""

    parameters = 3
    log = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return "power law"

    def curve(self, theta: np.ndarray, u: np.ndarray) -> np.ndarray:
        """(fits, 3) of log a at the centre, b, log c."""
        a, b, c = (theta[:, k, None] for k in range(3))
        return logaddexp(a - b * u, c + 0.0 * u)

    def starts(self, u: np.ndarray, target: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """Offsets from nothing to just below the least score; scale and exponent by a line through what remains."""
        least = target.min()
        off = least + np.log(np.concatenate([[1e-9], rng.uniform(0.02, 0.99, count - 1)]))
        lines = [_line(u, np.log(np.maximum(np.exp(target - c) - 1, 1e-3)) + c) for c in off]
        return np.column_stack([[a for a, _ in lines], [-b for _, b in lines], off])

    def named(self, theta: np.ndarray, centre: float) -> Mapping[str, float]:
        """a, b and c."""
        a, b, c = (float(t) for t in theta)
        return {"a": _exp(a + b * centre), "b": b, "c": _exp(c)}

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Fit:
        """The law at its robust optimum with refits."""
        return fitted(self, given, resamples, rng)


@dataclass(frozen=True)
class Broken:
    """y = c + a x^-b (1 + (x/d)^(1/f))^(-e f): a power law whose exponent turns from b to b + e around d, smoothly.

    Caballero et al. (2023), with one break; f > 0 is how sharp the turn is not.
    """

    parameters = 6
    log = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return "broken power law"

    def curve(self, theta: np.ndarray, u: np.ndarray) -> np.ndarray:
        """(fits, 6) of log a at the centre, b, e, log d from the centre, log f, log c."""
        a, b, e, d, f, c = (theta[:, k, None] for k in range(6))
        width = np.exp(f + (np.clip(np.real(f), -4.0, 4.0) - np.real(f)))
        return logaddexp(a - b * u - e * width * logaddexp((u - d) / width, 0.0 * u), c + 0.0 * u)

    def starts(self, u: np.ndarray, target: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """Breaks anywhere within the scales, the exponents of lines through what lies on either side."""
        found = []
        for k in range(count):
            d = rng.uniform(*np.quantile(u, [0.15, 0.85]))
            off = target.min() + np.log(rng.uniform(0.02, 0.98)) if k % 2 else LOW
            bare = np.log(np.maximum(np.exp(target - max(off, LOW)) - 1, 1e-3)) + off
            left, right = (_line(u[s], bare[s]) if np.ptp(u[s]) else _line(u, bare) for s in _sides(u, d))
            found.append((left[0], -left[1], left[1] - right[1], d, rng.uniform(-2.5, 0.5), off))
        return np.array(found)

    def named(self, theta: np.ndarray, centre: float) -> Mapping[str, float]:
        """a, b, e, d, f and c."""
        a, b, e, d, f, c = (float(t) for t in theta)
        return {
            "a": _exp(a + b * centre),
            "b": b,
            "e": e,
            "d": _exp(d + centre),
            "f": _exp(float(np.clip(f, -4, 4))),
            "c": _exp(c),
        }

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Fit:
        """The law at its robust optimum with refits."""
        return fitted(self, given, resamples, rng)


def _line(u: np.ndarray, v: np.ndarray) -> tuple[float, float]:
    """Intercept and slope of least squares."""
    off = u - u.mean()
    slope = float(off @ v / max(off @ off, 1e-300))
    return float(v.mean() - slope * u.mean()), slope


def _sides(u: np.ndarray, d: float) -> tuple[np.ndarray, np.ndarray]:
    left, right = u <= d, u >= d
    left[:2], right[-2:] = True, True
    return left, right


def _exp(value: float) -> float:
    return float(np.exp(min(value, 700.0)))
