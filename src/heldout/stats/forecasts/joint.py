"""Several systems fitted together: one exponent for all, a scale and an offset of each one's own."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Interval
from heldout.stats.forecasts.descent import HUBER, Curve, logaddexp, minimised
from heldout.stats.forecasts.fit import best
from heldout.stats.forecasts.points import Points, points
from heldout.stats.forecasts.power import Power


@dataclass(frozen=True, eq=False)
class Joint:
    """y = a_g x^-b + c_g. `scales`, `offsets`: (systems,); `exponent`: shared, with its 95% percentile interval.

    `loss`, `apart`: the Huber losses with one exponent and with an exponent of each one's own.
    """

    systems: tuple[str, ...]
    exponent: Interval
    scales: np.ndarray
    offsets: np.ndarray
    loss: float
    apart: float

    def at(self, system: str, x: Any) -> np.ndarray:
        """(k,) predicted scores of one system."""
        g = self.systems.index(system)
        return self.scales[g] * np.asarray(x, float) ** -self.exponent.estimate + self.offsets[g]


def joint(
    x: Any, y: Any, system: Any, rng: np.random.Generator, *, resamples: int = 200, delta: float = HUBER
) -> Joint:
    """Fit (n,) positive losses at (n,) scales of systems named by (n,) `system`; residuals are resampled within systems.

    HeldoutError where a system has fewer than 3 scales or the points are no more than the parameters.
    """
    names = np.asarray(system).astype(str)
    parts = {s: points(np.asarray(x)[names == s], np.asarray(y)[names == s]) for s in dict.fromkeys(names.tolist())}
    _check(parts)
    centre = float(np.mean(np.concatenate([p.logs for p in parts.values()])))
    u = np.concatenate([p.logs for p in parts.values()]) - centre
    target = np.concatenate([np.log(p.y) for p in parts.values()])
    of = np.repeat(np.arange(len(parts)), [len(p) for p in parts.values()])
    own = np.array([best(Power(), u[of == g], target[of == g][None], rng, delta=delta)[0] for g in range(len(parts))])
    groups = len(parts)

    def curve(theta: np.ndarray) -> np.ndarray:
        return logaddexp(theta[:, 1 + of] - theta[:, :1] * u, theta[:, 1 + groups + of])

    starts = np.array([np.concatenate([[b], own[:, 0], own[:, 2]]) for b in (*own[:, 1], float(np.median(own[:, 1])))])
    found = minimised(curve, target, starts, delta=delta, rounds=60)
    theta = found.theta[found.loss.argmin()]
    spread = _resampled(target, curve(theta[None])[0], of, resamples, len(theta), rng)
    again = minimised(curve, spread, np.broadcast_to(theta, (resamples, len(theta))), delta=delta)
    low, high = np.quantile(again.theta[:, 0], [0.025, 0.975])
    apart = sum(
        float(minimised(_alone(u[of == g]), target[of == g], own[g][None], delta=delta).loss[0]) for g in range(groups)
    )
    exponent = float(theta[0])
    return Joint(
        tuple(parts),
        Interval(exponent, float(low), float(high)),
        np.exp(theta[1 : 1 + groups] + exponent * centre),
        np.exp(theta[1 + groups :]),
        float(found.loss.min()),
        apart,
    )


def _alone(u: np.ndarray) -> Curve:
    return lambda theta: Power().curve(theta, u)


def _resampled(
    target: np.ndarray, middle: np.ndarray, of: np.ndarray, resamples: int, fitted: int, rng: np.random.Generator
) -> np.ndarray:
    """(resamples, n) targets as they might have been: residuals drawn within each system."""
    rest = (target - middle) * np.sqrt(len(target) / (len(target) - fitted))
    drawn = np.empty((resamples, len(target)))
    for g in np.unique(of):
        inside = of == g
        drawn[:, inside] = middle[inside] + rng.choice(rest[inside] - rest[inside].mean(), (resamples, inside.sum()))
    return drawn


def _check(parts: dict[str, Points]) -> None:
    total = sum(len(p) for p in parts.values())
    if total <= 1 + 2 * len(parts):
        raise HeldoutError(
            f"{total} scores for the {1 + 2 * len(parts)} parameters of {len(parts)} systems: it needs more than that"
        )
    for name, part in parts.items():
        if len(part.scales) < 3:
            raise HeldoutError(
                f"system {name!r} has {len(part.scales)} scales: a scale and an offset of its own need 3"
            )
        if (part.y <= 0).any():
            raise HeldoutError(
                f"system {name!r} has scores that are not positive: power laws are about positive losses"
            )
