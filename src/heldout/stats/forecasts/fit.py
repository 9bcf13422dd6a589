"""A law fitted to points, and refitted to data as they might have been."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.descent import HUBER, minimised, slopes
from heldout.stats.forecasts.points import Points, enough

STARTS, KEPT, LARGE = 32, 4, 100
"""Places to begin from, those followed to the end, and points from which refits are drawn from their limiting law."""

LEAST_ABSOLUTE = np.pi / 2
"""Variance of a fit by absolute errors over that by squares, for normal residuals: what a narrow Huber loss comes to."""


class Law(Protocol):
    """A curve in the centred logarithm of the scale. `log`: it gives the logarithm of the score, else the score."""

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def parameters(self) -> int:
        """How many numbers are fitted."""
        ...

    @property
    def log(self) -> bool:
        """Whether residuals are logarithms."""
        ...

    def curve(self, theta: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Parameters (fits, p) and (n,) centred log scales to (fits, n)."""
        ...

    def starts(self, u: np.ndarray, target: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """(count, p) places to begin from."""
        ...

    def named(self, theta: np.ndarray, centre: float) -> Mapping[str, float]:
        """The fitted numbers as people write them."""
        ...


class Fitted(Protocol):
    """Whatever predicts a score at a scale, and says how far it may be off."""

    @property
    def log(self) -> bool:
        """Whether errors are symmetric in logarithms."""
        ...

    @property
    def freedom(self) -> int:
        """Degrees of freedom behind the errors."""
        ...

    @property
    def found(self) -> Mapping[str, float]:
        """The fitted numbers as people write them."""
        ...

    def at(self, x: np.ndarray) -> np.ndarray:
        """(k,) predicted scores."""
        ...

    def spread(self, x: np.ndarray) -> np.ndarray:
        """(k,) standard deviations of a new score about its prediction, in logarithms if `log`."""
        ...


@dataclass(frozen=True, eq=False)
class Fit:
    """A law with its parameters (p,), refits (resamples, p) and residuals (n,) blown up for the parameters fitted."""

    law: Law
    theta: np.ndarray
    refits: np.ndarray
    residuals: np.ndarray
    centre: float

    @property
    def log(self) -> bool:
        """That of the law."""
        return self.law.log

    @property
    def freedom(self) -> int:
        """Points less parameters."""
        return len(self.residuals) - self.law.parameters

    @property
    def found(self) -> Mapping[str, float]:
        """The fitted numbers as people write them."""
        return self.law.named(self.theta, self.centre)

    def at(self, x: np.ndarray) -> np.ndarray:
        """(k,) predicted scores."""
        curve = self.law.curve(self.theta[None], np.log(x) - self.centre)[0]
        return np.exp(curve) if self.log else curve

    def spread(self, x: np.ndarray) -> np.ndarray:
        """(k,) standard deviations: half the middle 68% of the refits, and the residuals, in quadrature."""
        curves = self.law.curve(self.refits, np.log(x) - self.centre)
        low, high = np.quantile(curves, [0.1587, 0.8413], axis=0)
        middle = self.law.curve(self.theta[None], np.log(x) - self.centre)[0]
        wide = np.maximum(np.maximum(high - middle, middle - low), (high - low) / 2)
        return np.sqrt(wide**2 + (self.residuals**2).mean())


def fitted(law: Law, given: Points, resamples: int, rng: np.random.Generator, *, delta: float = HUBER) -> Fit:
    """The law at its robust optimum, with refits to curves plus resampled residuals (a residual bootstrap).

    From 100 points on, draws from the normal law of the fit take their place, which is much quicker.
    HeldoutError where there are too few scales, or scores that the law cannot take.
    """
    enough(given, law.parameters, law.name)
    target = scored(law, given.y)
    centre = float(given.logs.mean())
    u = given.logs - centre
    theta = best(law, u, target[None], rng, delta=delta)[0]
    middle = law.curve(theta[None], u)[0]
    n = len(given)
    residuals = (target - middle) * np.sqrt(n / (n - law.parameters))
    if not resamples:
        return Fit(law, theta, theta[None], residuals, centre)
    if n >= LARGE:
        return Fit(law, theta, _limiting(law, theta, u, residuals, resamples, rng), residuals, centre)
    drawn = middle + rng.choice(residuals - np.median(residuals), (resamples, n))
    starts = np.broadcast_to(theta, (resamples, len(theta)))
    refits = minimised(lambda t: law.curve(t, u), drawn, starts, delta=max(delta, 0.3 * float(residuals.std()))).theta
    return Fit(law, theta, refits, residuals, centre)


def _limiting(
    law: Law, theta: np.ndarray, u: np.ndarray, residuals: np.ndarray, resamples: int, rng: np.random.Generator
) -> np.ndarray:
    """(resamples, p) normal draws about the fit, as refits to many points would scatter."""
    slope = np.nan_to_num(slopes(lambda t: law.curve(t, u), theta[None])[0])
    covariance = np.linalg.pinv(slope.T @ slope) * (residuals**2).mean() * LEAST_ABSOLUTE
    left, sizes, _ = np.linalg.svd(covariance)
    return theta + rng.standard_normal((resamples, len(theta))) * np.sqrt(sizes) @ left.T


def best(
    law: Law,
    u: np.ndarray,
    targets: np.ndarray,
    rng: np.random.Generator,
    *,
    delta: float = HUBER,
    count: int = STARTS,
) -> np.ndarray:
    """The best of `count` starts for each of (problems, n) targets: (problems, p)."""
    starts = np.stack([law.starts(u, target, count, rng) for target in targets])
    problems, _, p = starts.shape
    keep = min(KEPT, count)

    def curve(theta: np.ndarray) -> np.ndarray:
        return law.curve(theta, u)

    rough = minimised(curve, targets.repeat(count, 0), starts.reshape(-1, p), delta=np.inf)
    order = np.argsort(rough.loss.reshape(problems, count), axis=1)[:, :keep]
    chosen = np.take_along_axis(rough.theta.reshape(problems, count, p), order[..., None], 1)
    fine = minimised(curve, targets.repeat(keep, 0), chosen.reshape(-1, p), delta=delta)
    least = fine.loss.reshape(problems, keep).argmin(1)
    return fine.theta.reshape(problems, keep, p)[np.arange(problems), least]


def scored(law: Law, y: np.ndarray) -> np.ndarray:
    """The scores on the scale of the law's residuals."""
    if not law.log:
        return y
    if (y <= 0).any():
        raise HeldoutError(
            f"{int((y <= 0).sum())} of {len(y)} scores are not positive, and {law.name} is about positive losses: "
            "take --law sigmoid, or the distance from a ceiling above all scores"
        )
    return np.log(y)
