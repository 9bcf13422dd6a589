"""The bootstrap of battles: strengths of many resamples, refitted together.

A resample of battles is a multinomial draw on their distinct outcomes, whatever their number; resamples of clusters
draw whole clusters. A resample in which some system lost its only win has no maximum: it is fitted with the prior
that a disconnected sample gets, and counted.
"""

from typing import Any, NamedTuple

import numpy as np

from heldout.stats.ratings import newton
from heldout.stats.ratings.bradley_terry import Fit
from heldout.stats.ratings.connectivity import connectivity
from heldout.stats.ratings.counts import Counts
from heldout.stats.ratings.indicator import indicator
from heldout.stats.ratings.prior import added, weights

CHUNK = 300_000
"""Counts of pairs held at a time, few enough to stay near the processor."""


class Resampled(NamedTuple):
    """(B, parameters) refits; `degenerate`: how many of them had no maximum and took the prior."""

    parameters: np.ndarray
    degenerate: int

    def interval(self, systems: int, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Percentile intervals of the strengths, (systems,) each."""
        low, high = np.quantile(self.parameters[:, :systems], [(1 - level) / 2, (1 + level) / 2], axis=0)
        return low, high


def bootstrap(fit: Fit, resamples: int, rng: np.random.Generator) -> Resampled:
    """Refits of resampled battles, or of resampled clusters where the counts were made with them."""
    drawer = Drawer(fit.counts)
    chunk = max(1, CHUNK // len(fit.counts.first))
    found, degenerate = [], 0
    for done in range(0, resamples, chunk):
        drawn = drawer.draw(min(chunk, resamples - done), rng)
        refits, without = _refits(fit, drawn)
        found.append(refits)
        degenerate += without
    return Resampled(np.concatenate(found, axis=1).T, degenerate)


def _refits(fit: Fit, drawn: np.ndarray) -> tuple[np.ndarray, int]:
    at, without = fit.problem, 0
    x, reached = newton.many(at, added(drawn, fit.prior), fit.parameters, fit.model)
    for b in np.flatnonzero(~reached):
        one = Counts(fit.counts.systems, fit.counts.first, fit.counts.second, drawn[:, :, b], fit.counts.ordered)
        extra = np.maximum(weights(one, connectivity(one), tied=at.tied), fit.prior)
        without += bool((extra > fit.prior).any())
        x[:, b] = newton.maximise(at, added(one.counts, extra))[0]
    return x, without


class Drawer:
    """Draws resamples of battles, or of clusters where the counts were made with them, as (pairs, 3, B) counts."""

    def __init__(self, counts: Counts) -> None:
        self.shape = counts.counts.shape
        self.cells = counts.counts.ravel()
        source = counts.source
        self.member: Any = None
        if source is not None:
            shape = (len(self.cells), int(source.cluster.max()) + 1)
            self.member = indicator(source.cell, source.cluster, shape)

    def draw(self, resamples: int, rng: np.random.Generator) -> np.ndarray:
        """(pairs, 3, B) counts."""
        if self.member is not None:
            number = self.member.shape[1]
            weights = rng.multinomial(number, np.full(number, 1 / number), size=resamples)
            return np.asarray(self.member @ weights.T).reshape(*self.shape, resamples)
        total = round(self.cells.sum())
        if total > 40 * len(self.cells):  # a binomial a cell is then cheaper than a draw a battle
            drawn = rng.multinomial(total, self.cells / self.cells.sum(), size=resamples).T
        else:
            battle = np.repeat(np.arange(len(self.cells)), self.cells.astype(np.int64))
            size = len(self.cells)
            each = [
                np.bincount(battle[rng.integers(0, total, total, dtype=np.int32)], minlength=size)
                for _ in range(resamples)
            ]
            drawn = np.stack(each, axis=1)
        return drawn.reshape(*self.shape, resamples).astype(float)
