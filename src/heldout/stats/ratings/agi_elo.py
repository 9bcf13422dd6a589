"""Systems and test cases rated together: every answer is a match between a system and a case (AGI-Elo, 2025).

The system's score in [0, 1] is the outcome; both sides hold Glicko ratings, and difficulty and competence share a scale.
A system is confident of a case by its expected score; what it lacks to mastery is how far its rating stands below that
at which it would be confident of nearly all cases.
"""

from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import glicko
from heldout.stats.ratings.glicko import Period, Ratings

LEVELS = (0.5, 0.9, 0.99)


class Rated(NamedTuple):
    """Ratings of (systems,) and of (cases,), on one scale."""

    systems: Ratings
    cases: Ratings

    def expected(self) -> np.ndarray:
        """(systems, cases) scores to expect."""
        n = len(self.systems.rating)
        both = Ratings(*(np.concatenate(pair) for pair in zip(self.systems, self.cases, strict=True)))
        return glicko.expected(both, np.arange(n)[:, None], n + np.arange(len(self.cases.rating))[None, :])


class Mastery(NamedTuple):
    """What is mastered, (systems, levels).

    `below`: the share of the cases of which a system is less than that confident. `gap`: points that it lacks to be that
    confident of the hardest cases but 1%; 0 where it lacks none.
    """

    below: np.ndarray
    gap: np.ndarray


def rate(scores: np.ndarray, rng: np.random.Generator) -> Rated:
    """Ratings from (systems, cases) scores in [0, 1], NaN where a system was not asked.

    Matches are held in rounds: in each, every system meets the next of its cases in a random order of its own.
    """
    scores = np.asarray(scores, float)
    if scores.ndim != 2 or np.isnan(scores).all():
        raise HeldoutError(f"scores have shape {scores.shape}: give systems x cases, at least one of them asked")
    if np.nanmin(scores) < 0 or np.nanmax(scores) > 1:
        raise HeldoutError(f"scores run from {np.nanmin(scores):g} to {np.nanmax(scores):g}: normalise them to [0, 1]")
    n, cases = scores.shape
    key = np.where(np.isnan(scores), np.inf, rng.random(scores.shape))
    order, asked = np.argsort(key, axis=1), (~np.isnan(scores)).sum(axis=1)
    state = glicko.unrated(n + cases)
    for turn in range(int(asked.max())):
        who = np.flatnonzero(asked > turn)
        case = order[who, turn]
        state = glicko.update(state, Period(who, n + case, scores[who, case]))
    return Rated(Ratings(state.rating[:n], state.deviation[:n]), Ratings(state.rating[n:], state.deviation[n:]))


def mastery(rated: Rated, levels: tuple[float, ...] = LEVELS) -> Mastery:
    """How much of the cases each system has mastered, and how far it is from all of it."""
    confident = rated.expected()
    hardest = float(np.quantile(rated.cases.rating, 0.99))
    lead = 400 * np.log10(np.divide(levels, np.subtract(1, levels)))
    gap = np.maximum(hardest + lead[None, :] - rated.systems.rating[:, None], 0.0)
    return Mastery(np.stack([(confident < level).mean(axis=1) for level in levels], axis=1), gap)


def calibration(expected: np.ndarray, observed: np.ndarray, bins: int = 10) -> tuple[float, float]:
    """Mean absolute and root mean squared difference of expected and observed scores, by bins of what was expected.

    Each of the equal bins weighs as many matches as fall in it; NaN cells of `observed` are left out.
    """
    seen = ~np.isnan(observed)
    wanted, got = expected[seen], observed[seen]
    place = np.minimum((wanted * bins).astype(int), bins - 1)
    number = np.bincount(place, minlength=bins)
    off = np.abs(np.bincount(place, wanted - got, bins))[number > 0] / number[number > 0]
    weight = number[number > 0] / number.sum()
    return float(weight @ off), float(np.sqrt(weight @ off**2))
