"""Ratings of systems from (systems, cases) scores in [0, 1] with gaps: strengths, and the scores to expect of every cell."""

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from heldout.core.seeds import Words
from heldout.stats.ratings import agi_elo, onebench
from heldout.stats.ratings.elo import elo as online


class Judged(NamedTuple):
    """(systems,) strengths, more being better, and (systems, cases) expected scores."""

    strength: np.ndarray
    expected: np.ndarray


def glicko(scores: np.ndarray, key: Words) -> Judged:
    """AGI-Elo: systems and cases by Glicko."""
    found = agi_elo.rate(scores, key.generator())
    return Judged(found.systems.rating, found.expected())


def elo(scores: np.ndarray, key: Words) -> Judged:
    """The same matches by Elo with k = 32, in random order."""
    n = len(scores)
    system, case = np.nonzero(~np.isnan(scores))
    order = key.generator().permutation(len(system))
    system, case = system[order], case[order]
    rating = online(system, n + case, scores[system, case], systems=n + scores.shape[1])
    return Judged(rating[:n], 1 / (1 + 10 ** ((rating[None, n:] - rating[:n, None]) / 400)))


def accuracy(scores: np.ndarray, key: Words) -> Judged:  # noqa: ARG001
    """The mean of what was scored; of a cell, the mean of its system and nothing of its case."""
    mean = np.nanmean(scores, axis=1)
    return Judged(mean, np.broadcast_to(mean[:, None], scores.shape))


def rasch(scores: np.ndarray, key: Words) -> Judged:  # noqa: ARG001
    """Rasch's abilities from pairs of systems on each case, in which its difficulty cancels; then difficulties.

    Difficulties are the likeliest given the abilities, with a standard normal prior, by Newton's method.
    """
    ability = onebench.rank(scores, errors=False).strength
    seen, difficulty = ~np.isnan(scores), np.zeros(scores.shape[1])
    for _ in range(20):
        p = expit(ability[:, None] - difficulty[None, :])
        slope = np.where(seen, p - np.nan_to_num(scores), 0.0).sum(axis=0) - difficulty
        difficulty += slope / (1 + np.where(seen, p * (1 - p), 0.0).sum(axis=0))
    return Judged(ability, expit(ability[:, None] - difficulty[None, :]))
