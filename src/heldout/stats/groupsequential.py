"""Group-sequential tests against a set of patterns under which the data would have been as likely.

At every look the observed statistic is ranked among those of the patterns that were not rejected at an earlier look;
patterns are rejected, largest first, while their cumulative share stays within the level spent by then. As what was
observed is one of the patterns, the level is exact whatever the law of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heldout.stats.looks import spent

ROUNDING = 1e-6
"""Of single precision, over some thousand sums."""


def magnitude(values: np.ndarray) -> np.ndarray:
    """(claims,) largest size among the (claims, units), 1 for none: in its units single precision neither overflows nor vanishes."""
    found = np.abs(values).max(axis=1)
    return np.where(found == 0, 1.0, found)


@dataclass(frozen=True)
class Orbit:
    """A statistic under every pattern at every look, if the effect were `mu`: |sums - mu * slopes|.

    `sums`: per look (claims, patterns). `slopes`: per look (patterns,). Pattern 0 is what was observed. Looks that only
    reach enumerated units have fewer patterns: repeated end to end they stand for all `patterns`. `centre`: (claims,) what
    was subtracted from the effect beforehand. `tolerance`: (claims,) below which two sums count as tied. `planned`: the
    number of looks over which the level is spent, of which `sums` may hold the first few.
    """

    sums: tuple[np.ndarray, ...]
    slopes: tuple[np.ndarray, ...]
    centre: np.ndarray
    tolerance: np.ndarray
    planned: int
    unit: np.ndarray

    def until(self, look: int, claim: int) -> "Orbit":
        """One claim's part, up to and including a look."""
        sums, one = tuple(t[claim : claim + 1] for t in self.sums[: look + 1]), slice(claim, claim + 1)
        return Orbit(sums, self.slopes[: look + 1], self.centre[one], self.tolerance[one], self.planned, self.unit[one])

    def shares(self, level: float) -> list[float]:
        """The share of patterns that may have been rejected by each look."""
        return [s * (1 + 1e-12) for s in spent(level, self.planned)[: len(self.sums)]]

    def estimates(self) -> np.ndarray:
        """The effect at every look: (looks, claims)."""
        return np.array([self.centre + self.unit * t[:, 0] / b[0] for t, b in zip(self.sums, self.slopes, strict=True)])


def first_rejection(orbit: Orbit, level: float, mu: float | np.ndarray = 0.0) -> np.ndarray:
    """The index of the first look that rejects an effect of `mu`, for every claim; the number of looks where none does."""
    looks, shares = len(orbit.sums), np.array(orbit.shares(level))[:, None]
    shift = np.asarray((mu - orbit.centre) / orbit.unit, np.float32)[:, None]
    near = orbit.tolerance + ROUNDING * np.abs(shift[:, 0]) * np.abs(orbit.slopes[-1][0])
    sizes = [np.abs(t - shift * b) for t, b in zip(orbit.sums, orbit.slopes, strict=True)]
    ranks = np.array([np.count_nonzero(z >= z[:, :1] - near[:, None], axis=1) / z.shape[1] for z in sizes])
    possible = (ranks <= shares).any(axis=0)
    found = np.full(len(orbit.centre), looks)
    for claim in np.flatnonzero(possible):
        found[claim] = _first([z[claim] for z in sizes], orbit.shares(level), near[claim])
    return found


def _first(sizes: list[np.ndarray], shares: list[float], tolerance: float) -> int:
    gone = np.zeros(1, bool)
    for look, (size, share) in enumerate(zip(sizes, shares, strict=True)):
        gone = np.tile(gone, len(size) // len(gone))
        if np.count_nonzero(gone | (size >= size[0] - tolerance)) <= share * len(size):
            return look
        _reject(size, gone, share, tolerance)
    return len(sizes)


def _reject(size: np.ndarray, gone: np.ndarray, share: float, tolerance: float) -> None:
    """Add to `gone` the largest set of surviving patterns, tied ones together, that the share still admits."""
    new = int(share * len(size)) - int(np.count_nonzero(gone))
    if new > 0:
        alive = np.where(gone, np.float32(0), -size)
        gone |= alive < _smallest(alive, new) - tolerance


def _smallest(values: np.ndarray, k: int) -> np.floating:
    """The value with `k` smaller ones; looked for below a guess first, as it lies far out."""
    if len(values) >= 1024:
        sample = values[::7]
        place = min(k // 5 + 8, len(sample) - 1)
        few = values[values <= np.partition(sample, place)[place]]
        values = few if len(few) > k else values
    return np.partition(values, k)[k]


def limits(orbit: Orbit, level: float) -> np.ndarray:
    """The effects that the test does not reject by each look: (claims, looks, 2), nested in time.

    A pattern's statistic reaches the observed one exactly when the effect lies between two ratios, so an end of the
    interval is an order statistic of these ratios, once it is known which patterns were rejected before.
    """
    looks, shares = len(orbit.sums), orbit.shares(level)
    found = np.empty((len(orbit.centre), looks, 2))
    for look in range(looks):
        least, greatest = _reached(orbit.sums[look], orbit.slopes[look])
        for claim in range(len(found)):
            path = [(t[claim], b, s) for t, b, s in zip(orbit.sums, orbit.slopes, shares[:look], strict=False)]
            tolerance = orbit.tolerance[claim]
            found[claim, look, 0] = _end(least[claim], 1.0, path, shares[look], tolerance)
            found[claim, look, 1] = -_end(-greatest[claim], -1.0, path, shares[look], tolerance)
    np.maximum.accumulate(found[:, :, 0], axis=1, out=found[:, :, 0])
    np.minimum.accumulate(found[:, :, 1], axis=1, out=found[:, :, 1])
    return orbit.centre[:, None, None] + orbit.unit[:, None, None] * found


Path = Sequence[tuple[np.ndarray, np.ndarray, float]]
"""The sums, slopes and share of one claim's looks before this one."""


def _end(reached: np.ndarray, side: float, path: Path, share: float, tolerance: float) -> float:
    """The least effect, times `side`, that the look after `path` does not reject."""
    quota = int(share * len(reached))
    if quota == 0:
        return -np.inf
    guess = end = _smallest(reached, quota)
    for _ in range(3):
        gone = _gone(side * float(guess), path, tolerance)
        gone = np.tile(gone, len(reached) // len(gone))
        left = quota - int(np.count_nonzero(gone))
        new = _smallest(np.where(gone, np.inf, reached), left) if gone.any() else guess
        end = min(end, new)
        if new == guess:
            break
        guess = new
    return float(end)


def _gone(mu: float, path: Path, tolerance: float) -> np.ndarray:
    """The patterns that were rejected at the looks of the path, were the effect `mu`."""
    gone = np.zeros(1, bool)
    if np.isfinite(mu):
        for sums, slopes, share in path:
            gone = np.tile(gone, len(sums) // len(gone))
            near = tolerance + ROUNDING * abs(mu) * abs(slopes[0])
            _reject(np.abs(sums - mu * slopes), gone, share, near)
    return gone


def _reached(sums: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For every pattern the least and the greatest effect at which its statistic is at least the observed one."""
    flat = np.abs(slopes) >= slopes[0] * (1 - 1e-6)  # the observed pattern and its mirror image: always as large
    first = sums[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (first - sums) / (slopes[0] - slopes), (first + sums) / (slopes[0] + slopes)
    low, high = np.minimum(one, two), np.maximum(one, two)
    low[:, flat], high[:, flat] = -np.inf, np.inf
    return low, high
