"""The level at which a score falls to half of what it was."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Interval
from heldout.stats.gaps import resample
from heldout.stats.gaps.matrix import matrix, rising
from heldout.stats.sample import sample


@dataclass(frozen=True, eq=False)
class Halvings:
    """Where each unit's score halves. `levels`: (units,); `censored`: (units,) true where it has not by the last level.

    A censored level is the last one measured: a lower bound of where the score halves, if ever.
    """

    levels: np.ndarray
    censored: np.ndarray

    @property
    def unending(self) -> np.ndarray:
        """The levels with infinity where censored."""
        return np.where(self.censored, np.inf, self.levels)


def halvings(scores: Any, levels: Any, *, share: float = 0.5, floor: float = 0.0) -> Halvings:
    """The first level at which each unit's score is down to `share` of what it was at the first level.

    `scores`: (units, levels), the first column at home (iid); `levels`: (levels,) rising. Straight lines join the levels.
    `floor`: the score of one who knows nothing (chance); what is shared is the height above it. A unit that has nothing
    above the floor to lose has lost it at the first level.
    """
    table = matrix(scores, "the scores", columns=2)
    at, bar = rising(levels, table.shape[1]), _bar(table[:, 0], share, floor)
    under = table <= bar[:, None]
    censored = ~under.any(axis=1)
    to = np.where(censored, table.shape[1] - 1, under.argmax(axis=1))
    since, units = np.maximum(to - 1, 0), np.arange(len(table))
    high, low = table[units, since], table[units, to]
    fallen = np.divide(high - bar, high - low, out=np.zeros(len(table)), where=(to > 0) & ~censored)
    found = at[since] + fallen * (at[to] - at[since])
    return Halvings(np.where(censored, at[-1], found), np.asarray(censored))


def _bar(home: np.ndarray, share: float, floor: float) -> np.ndarray:
    if not 0.0 < share < 1.0 or not np.isfinite(floor):
        raise HeldoutError(
            f"share {share:g} and floor {floor:g}: give a share strictly between 0 and 1, a finite floor"
        )
    return floor + share * (home - floor)


def median(found: Halvings, alpha: float = 0.05) -> Interval:
    """The median level over units, between order statistics: exact coverage of at least 1 - alpha, whatever the shape.

    Infinite where half of the units (or, of the limits, as many as matter) are censored; so censoring costs no validity.
    """
    from heldout.stats.signs import sign_test  # scipy.stats takes half a second, which every run would pay

    levels = sample(found.levels, "the levels")
    beyond = float(levels.max()) + 1.0
    test = sign_test(np.where(found.censored, beyond, levels), alpha=alpha)
    low, high = (np.inf if x >= beyond else x for x in (test.low, test.high))
    return Interval(float(np.median(found.unending)), float(low), float(high))


@dataclass(frozen=True)
class CurveHalving:
    """Where the mean curve halves: `at`, infinite where it does not, and the share of resamples in which it does not."""

    at: Interval
    censored: float


def of_mean(
    scores: Any,
    levels: Any,
    *,
    share: float = 0.5,
    floor: float = 0.0,
    alpha: float = 0.05,
    resamples: int = 4000,
    seed: int = 0,
) -> CurveHalving:
    """The level at which the mean over units halves, with a bootstrap interval over units (expanded percentiles).

    The mean of curves that each fall off a cliff is a gentle slope: this is where the population's score is halved, not
    where a typical unit's is.
    """
    table = matrix(scores, "the scores", rows=2, columns=2)
    estimate = halvings(table.mean(axis=0, keepdims=True), levels, share=share, floor=floor).unending[0]
    curves = resample.weights(len(table), resamples, seed) @ table
    drawn = halvings(curves, levels, share=share, floor=floor)
    low, high = resample.expanded(drawn.unending, len(table), alpha)
    return CurveHalving(Interval(float(estimate), low, high), float(drawn.censored.mean()))
