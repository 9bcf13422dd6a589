"""Loss as a function of parameters and data: L = E + A / N^alpha + B / D^beta."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.descent import HUBER, logaddexp, minimised
from heldout.stats.sample import sample


class Constants(NamedTuple):
    """The five numbers of the law."""

    e: float
    a: float
    b: float
    alpha: float
    beta: float


HOFFMANN = Constants(1.69, 406.4, 410.7, 0.34, 0.28)
"""As printed in Hoffmann et al. (2022), whose own recommendation of 20 tokens a parameter it contradicts."""

REPLICATED = Constants(1.8172, 482.01, 2085.43, 0.3478, 0.3658)
"""As re-estimated from the same runs by Besiroglu et al. (2024), who found that the first fit had stopped early."""

LEAST, STARTS = 8, 6


@dataclass(frozen=True, eq=False)
class Surface:
    """The law with refits: (resamples, 5) constants, in the order of `Constants`."""

    constants: Constants
    refits: np.ndarray
    loss: float

    def at(self, sizes: Any, tokens: Any) -> np.ndarray:
        """The loss of models of these sizes on so much data."""
        return loss(self.constants, sizes, tokens)

    @property
    def errors(self) -> Constants:
        """Standard errors by the bootstrap."""
        return Constants(*(float(v) for v in self.refits.std(axis=0, ddof=1)))

    def intervals(self, level: float = 0.95) -> np.ndarray:
        """(5, 2) percentile intervals of the constants."""
        return np.quantile(self.refits, [(1 - level) / 2, (1 + level) / 2], axis=0).T


def loss(constants: Constants, sizes: Any, tokens: Any) -> np.ndarray:
    """E + A N^-alpha + B D^-beta."""
    e, a, b, alpha, beta = constants
    return e + a * np.asarray(sizes, float) ** -alpha + b * np.asarray(tokens, float) ** -beta


def optimal(constants: Constants, compute: Any) -> tuple[np.ndarray, np.ndarray]:
    """The parameters and data of least loss at a compute of 6 N D: closed form (Hoffmann et al., 2022, equation 4)."""
    _, a, b, alpha, beta = constants
    budget = np.asarray(compute, float) / 6
    ratio = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    sizes = ratio * budget ** (beta / (alpha + beta))
    return sizes, budget / sizes


def surface(
    sizes: Any, tokens: Any, losses: Any, rng: np.random.Generator, *, resamples: int = 200, delta: float = HUBER
) -> Surface:
    """Fit the law to (n,) sizes, data and losses: the log-Huber loss from a grid of starts, runs resampled for the errors.

    HeldoutError with fewer than 8 runs, with sizes or data that do not vary, or with what is not positive.
    """
    columns = [sample(v, name) for v, name in ((sizes, "the sizes"), (tokens, "the data"), (losses, "the losses"))]
    _check(*columns)
    n, d, y = (np.log(c) for c in columns)
    middle_n, middle_d = n.mean(), d.mean()

    def curve(theta: np.ndarray) -> np.ndarray:
        e, a, b, alpha, beta = (theta[:, k, None] for k in range(5))
        both = logaddexp(a - alpha * (n - middle_n), b - beta * (d - middle_d))
        return logaddexp(both, e + 0.0 * n)

    starts = _starts(float(y.min()), rng)
    rough = minimised(curve, y, starts, delta=np.inf, rounds=40)
    kept = rough.theta[np.argsort(rough.loss)[:STARTS]]
    found = minimised(curve, y, kept, delta=delta, rounds=60)
    theta = found.theta[found.loss.argmin()]
    weights = rng.multinomial(len(y), np.full(len(y), 1 / len(y)), resamples).astype(float)
    again = minimised(curve, y, np.broadcast_to(theta, (resamples, 5)), weights, delta=delta)

    def plain(t: np.ndarray) -> np.ndarray:
        e, a, b, alpha, beta = t.T
        with np.errstate(over="ignore"):
            return np.column_stack([np.exp(e), np.exp(a + alpha * middle_n), np.exp(b + beta * middle_d), alpha, beta])

    return Surface(Constants(*(float(v) for v in plain(theta[None])[0])), plain(again.theta), float(found.loss.min()))


def _starts(least: float, rng: np.random.Generator, count: int = 80) -> np.ndarray:
    e = least + np.log(rng.uniform(0.1, 0.98, count))
    a, b = (least + rng.uniform(-5, 0.5, count) for _ in range(2))
    return np.column_stack([e, a, b, rng.uniform(0.05, 1.2, count), rng.uniform(0.05, 1.2, count)])


def _check(sizes: np.ndarray, tokens: np.ndarray, losses: np.ndarray) -> None:
    if not len(sizes) == len(tokens) == len(losses):
        raise HeldoutError(f"{len(sizes)} sizes, {len(tokens)} amounts of data and {len(losses)} losses: give one each")
    if len(losses) < LEAST:
        raise HeldoutError(f"{len(losses)} runs for a law of 5 constants: it needs at least {LEAST}")
    for values, name in ((sizes, "sizes"), (tokens, "amounts of data"), (losses, "losses")):
        if (values <= 0).any():
            raise HeldoutError(f"{int((values <= 0).sum())} {name} are not positive: leave those runs out")
    for values, name in ((sizes, "size"), (tokens, "amount of data")):
        if len(np.unique(values)) < 3:
            raise HeldoutError(
                f"runs at {len(np.unique(values))} different {name}s: at least 3 show how the loss bends"
            )
