"""Scores that rise from chance to a ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.fit import Fit, fitted
from heldout.stats.forecasts.points import Points


@dataclass(frozen=True)
class Sigmoid:
    """y = chance + (ceiling - chance) / (1 + exp(-(m + k log x))): a sigmoid in log compute (Owen, 2024).

    `chance`, `ceiling`: known bounds of the score. `free`: the ceiling reached is fitted, below the one stated.
    """

    chance: float = 0.0
    ceiling: float = 1.0
    free: bool = False

    log = False

    def __post_init__(self) -> None:
        if not self.chance < self.ceiling:
            raise HeldoutError(f"chance {self.chance:g} is not below the ceiling {self.ceiling:g}")

    @property
    def name(self) -> str:
        """The name in tables."""
        return "sigmoid with a fitted ceiling" if self.free else "sigmoid"

    @property
    def parameters(self) -> int:
        """Place, slope and perhaps the ceiling."""
        return 3 if self.free else 2

    def curve(self, theta: np.ndarray, u: np.ndarray) -> np.ndarray:
        """(fits, 2 or 3) of the log-odds at the centre, their slope, the log-odds of the ceiling reached."""
        reach = (self.ceiling - self.chance) * (_share(theta[:, 2, None]) if self.free else 1.0)
        return self.chance + reach * _share(theta[:, 0, None] + theta[:, 1, None] * u)

    def starts(self, u: np.ndarray, target: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """Lines through the log-odds, and slopes and places at random."""
        share = np.clip((target - self.chance) / (self.ceiling - self.chance), 0.01, 0.99)
        off = u - u.mean()
        odds = np.log(share / (1 - share))
        slope = float(off @ odds / max(off @ off, 1e-300))
        k = np.concatenate([[slope], np.sign(slope or 1.0) * np.exp(rng.uniform(-2, 1.5, count - 1))])
        at = np.concatenate([[0.0], rng.uniform(u.min() - 1, u.max() + 3, count - 1)])
        m = np.concatenate([[odds.mean()], -k[1:] * at[1:]])
        return np.column_stack([m, k, rng.uniform(0, 4, count)] if self.free else [m, k])

    def named(self, theta: np.ndarray, centre: float) -> Mapping[str, float]:
        """The slope k, the scale `half` at which half the way is gone, and the ceiling if fitted."""
        m, k = float(theta[0]), float(theta[1])
        half = float(np.exp(np.clip(centre - m / k, -700, 700))) if k else float("nan")
        found = {"k": k, "half": half}
        if self.free:
            found["ceiling"] = self.chance + (self.ceiling - self.chance) / (1 + float(np.exp(-theta[2])))
        return found

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Fit:
        """The law at its robust optimum with refits."""
        return fitted(self, given, resamples, rng)


def _share(odds: np.ndarray) -> np.ndarray:
    size = np.where(np.real(odds) < 0, odds, -odds)
    small = np.exp(size)
    return np.where(np.real(odds) < 0, small / (1 + small), 1 / (1 + small))
