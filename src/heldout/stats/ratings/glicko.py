"""Glicko (Glickman, 1999): ratings with deviations, updated by rating periods; for players that change.

A rating counts for more the surer it is: opponents of large deviation move others little. Before each period deviations
grow by what may have changed since.
"""

from typing import NamedTuple

import numpy as np

START, DEVIATION = 1500.0, 350.0
"""Of a player of whom nothing is known."""

Q = np.log(10) / 400


class Ratings(NamedTuple):
    """(players,) ratings and their deviations (standard errors); 400 points are ten to one."""

    rating: np.ndarray
    deviation: np.ndarray

    def interval(self, reach: float = 1.96) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the 95% interval of every rating."""
        return self.rating - reach * self.deviation, self.rating + reach * self.deviation


class Period(NamedTuple):
    """Matches of one rating period: (matches,) players and the first one's score in [0, 1]."""

    first: np.ndarray
    second: np.ndarray
    score: np.ndarray


def unrated(players: int) -> Ratings:
    """Players of whom nothing is known."""
    return Ratings(np.full(players, START), np.full(players, DEVIATION))


def impact(deviation: np.ndarray) -> np.ndarray:
    """g: how much an opponent of that deviation tells, from 1 (known exactly) down."""
    return 1 / np.sqrt(1 + 3 * Q**2 * deviation**2 / np.pi**2)


def expected(ratings: Ratings, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The score to expect of the first, both deviations taken into account."""
    off = np.hypot(ratings.deviation[first], ratings.deviation[second])
    return 1 / (1 + 10 ** (-impact(off) * (ratings.rating[first] - ratings.rating[second]) / 400))


def update(ratings: Ratings, period: Period, *, drift: float = 0.0) -> Ratings:
    """The ratings after a period: all its matches are rated by the ratings before it.

    `drift`: c, by which the squared deviation of everyone grows before the period, up to that of the unrated.
    """
    rating = ratings.rating
    deviation = np.minimum(np.sqrt(ratings.deviation**2 + drift**2), DEVIATION) if drift else ratings.deviation
    players = len(rating)
    who = np.concatenate([period.first, period.second])
    whom = np.concatenate([period.second, period.first])
    score = np.concatenate([period.score, 1 - period.score])
    weight = impact(deviation[whom])
    wanted = 1 / (1 + 10 ** (-weight * (rating[who] - rating[whom]) / 400))
    told = Q**2 * np.bincount(who, weight**2 * wanted * (1 - wanted), players)
    surprise = np.bincount(who, weight * (score - wanted), players)
    variance = 1 / (1 / deviation**2 + told)
    return Ratings(rating + Q * variance * surprise, np.sqrt(variance))
