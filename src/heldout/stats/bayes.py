"""Bayesian comparison of two systems with a region of practical equivalence (Benavoli et al., JMLR 18:77, 2017)."""

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import t

from heldout.core.errors import HeldoutError
from heldout.stats.sample import differences


class Posterior(NamedTuple):
    """Probabilities that the second system is better, that they are practically equal, that the first one is."""

    second: float
    rope: float
    first: float


def correlated_t(a: Any, b: Any = None, *, rope: float = 0.0, correlation: float = 0.0) -> Posterior:
    """The posterior of the mean of a - b over resampled train and test sets that overlap (Nadeau and Bengio, 2003).

    `correlation`: of the differences, the test share of each resample for cross-validation (0.1 for tenfold), 0 for
    independent runs. A Student t with n - 1 degrees of freedom.
    """
    d = differences(a, b, least=2)
    _margin(rope)
    if not 0.0 <= correlation < 1.0:
        raise HeldoutError(f"the correlation is {correlation}, and must lie from 0 up to, not including, 1")
    mean, n = float(d.mean()), len(d)
    scale = float(d.std(ddof=1)) * math.sqrt(1 / n + correlation / (1 - correlation))
    if scale <= 1e-13 * np.abs(d).max():
        return Posterior(float(mean < -rope), float(-rope <= mean <= rope), float(mean > rope))
    second = float(t.cdf((-rope - mean) / scale, n - 1))
    first = float(t.sf((rope - mean) / scale, n - 1))
    return Posterior(second, max(1 - second - first, 0.0), first)


def signed_rank(
    a: Any, b: Any = None, *, rope: float = 0.0, prior: float = 0.5, draws: int = 50_000, seed: int = 0
) -> Posterior:
    """The posterior of which of the three is the most probable for a pair of differences: a Dirichlet process.

    `prior`: the weight of one pseudo-difference of 0, against 1 for each difference seen. Each draw weighs the
    differences and asks where the mass of their pairwise averages lies: below -rope, within, above rope; a draw counts
    for the largest, and is shared where two are equally large.
    """
    d = differences(a, b)
    _margin(rope)
    if not prior > 0 or draws < 1:
        raise HeldoutError(f"prior {prior} and {draws} draws: give a positive weight and at least one draw")
    z = np.concatenate([[0.0], d])
    sums = z[:, None] + z[None, :]
    # a hair beyond the region, so that rounding moves no pair out of it
    edge = 2 * rope + 1e-12 * max(float(np.abs(d).max()), rope)
    below, above = (sums < -edge).astype(float), (sums > edge).astype(float)
    rng = np.random.default_rng(seed)
    wins = np.zeros(3)
    for start in range(0, draws, 4_096):
        weights = rng.dirichlet([prior, *np.ones(len(d))], size=min(4_096, draws - start))
        low = ((weights @ below) * weights).sum(axis=1)
        high = ((weights @ above) * weights).sum(axis=1)
        shares = np.stack([low, 1 - low - high, high], axis=1)
        best = shares >= shares.max(axis=1, keepdims=True) - 1e-12
        wins += (best / best.sum(axis=1, keepdims=True)).sum(axis=0)
    second, equal, first = wins / draws
    return Posterior(float(second), float(equal), float(first))


def _margin(rope: float) -> None:
    if not (rope >= 0 and math.isfinite(rope)):
        raise HeldoutError(f"the region of practical equivalence is {rope}: give its half-width, from 0 up")
