"""Group-sequential tests against a set of patterns under which the data would have been as likely.

At every look the observed statistic is ranked among those of the patterns that were not rejected at an earlier look;
patterns are rejected, largest first, while their cumulative share stays within the level spent by then. As what was
observed is one of the patterns, the level is exact whatever the law of the data.
"""

from dataclasses import dataclass

import numpy as np

from heldout.stats.looks import spent


@dataclass(frozen=True)
class Orbit:
    """A statistic under every pattern at every look, if the effect were `mu`: |sums - mu * slopes|.

    `sums`: (looks, claims, patterns). `slopes`: (looks, patterns). Pattern 0 is what was observed. `centre`: (claims,)
    what was subtracted from the effect beforehand. `tolerance`: (claims,) below which two sums count as tied.
    `planned`: the number of looks over which the level is spent, of which `sums` may hold the first few.
    """

    sums: np.ndarray
    slopes: np.ndarray
    centre: np.ndarray
    tolerance: np.ndarray
    planned: int

    @property
    def estimates(self) -> np.ndarray:
        """The effect at every look: (looks, claims)."""
        return self.centre + self.sums[:, :, 0] / self.slopes[:, :1]

    def quotas(self, level: float) -> np.ndarray:
        """How many patterns may have been rejected by each look: (looks,)."""
        shares = np.array(spent(level, self.planned))[: len(self.sums)]
        return np.floor(shares * self.sums.shape[2] * (1 + 1e-12)).astype(int)


def first_rejection(orbit: Orbit, level: float, mu: float = 0.0) -> np.ndarray:
    """The index of the first look that rejects an effect of `mu`, for every claim; the number of looks where none does."""
    quotas = orbit.quotas(level)
    shift = (mu - orbit.centre).astype(orbit.sums.dtype)
    sizes = np.abs(orbit.sums - shift[:, None] * orbit.slopes[:, None, :])
    ranks = np.count_nonzero(sizes >= sizes[:, :, :1] - orbit.tolerance[:, None], axis=2)
    possible = ranks <= quotas[:, None]
    certain = ranks <= np.diff(quotas, prepend=0)[:, None]  # even if no earlier rejection is among the larger
    found = np.where(certain.any(axis=0), certain.argmax(axis=0), len(sizes))
    for claim in np.flatnonzero(possible.any(axis=0) & (possible.argmax(axis=0) < found)):
        found[claim] = _first(sizes[:, claim], quotas, orbit.tolerance[claim])
    return found


def _first(sizes: np.ndarray, quotas: np.ndarray, tolerance: float) -> int:
    gone = np.zeros(sizes.shape[1], bool)
    for look, (size, quota) in enumerate(zip(sizes, quotas, strict=True)):
        if np.count_nonzero(gone | (size >= size[0] - tolerance)) <= quota:
            return look
        gone |= _rejected(size, gone, quota, tolerance)
    return len(sizes)


def _rejected(size: np.ndarray, gone: np.ndarray, quota: int, tolerance: float) -> np.ndarray:
    """The largest set of surviving patterns, tied ones together, that the quota still admits."""
    new = quota - np.count_nonzero(gone)
    if new <= 0:
        return np.zeros_like(gone)
    alive = np.where(gone, -1.0, size)
    place = len(size) - new - 1
    return alive > np.partition(alive, place)[place] + tolerance


def limits(orbit: Orbit, level: float, look: int) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest effect that the test does not reject at one look: two (claims,) arrays.

    A pattern's statistic reaches the observed one exactly when the effect lies between two ratios, so an end of the
    interval is an order statistic of these ratios, once it is known which patterns were rejected before.
    """
    quotas = orbit.quotas(level)
    low, high = np.empty(len(orbit.centre)), np.empty(len(orbit.centre))
    for claim, centre in enumerate(orbit.centre):
        sums = orbit.sums[: look + 1, claim]
        ends = _reached(sums[look], orbit.slopes[look])
        for side, out in ((1.0, low), (-1.0, high)):
            end = _end(side * ends[0 if side > 0 else 1], side * sums, orbit.slopes, quotas, orbit.tolerance[claim])
            out[claim] = centre + side * end
    return low, high


def _reached(sums: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For every pattern the least and the greatest effect at which its statistic is at least the observed one."""
    flat = np.abs(slopes) >= slopes[0] * (1 - 1e-6)  # the observed pattern and its mirror image: always as large
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (sums[0] - sums) / (slopes[0] - slopes), (sums[0] + sums) / (slopes[0] + slopes)
    low, high = np.minimum(one, two), np.maximum(one, two)
    low[flat], high[flat] = -np.inf, np.inf
    return low, high


def _end(reached: np.ndarray, sums: np.ndarray, slopes: np.ndarray, quotas: np.ndarray, tolerance: float) -> float:
    """The least effect not rejected at the last of the looks in `sums`: (looks, patterns)."""
    look = len(sums) - 1
    quota, end = quotas[look], np.inf
    if quota == 0:
        return -np.inf
    guess = np.partition(reached, quota)[quota]
    for _ in range(4):
        gone = np.zeros(len(reached), bool)
        if np.isfinite(guess):
            for j in range(look):
                size = np.abs(sums[j] - guess * slopes[j])
                gone |= _rejected(size, gone, quotas[j], tolerance)
        left = quota - np.count_nonzero(gone)
        new = np.partition(reached[~gone], left)[left]
        if new == guess:
            return float(guess)
        end, guess = min(guess, new), new
    return float(end)
