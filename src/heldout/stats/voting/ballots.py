"""Ballots: each task ranks the systems that it has scores for."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError


def ballots(scores: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The (systems, tasks) table of floats and its (tasks,) weights, checked; weights are one each unless given.

    Raises HeldoutError for infinite scores, an empty table, and weights that are negative, not finite or all zero.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 2 or 0 in scores.shape:
        raise HeldoutError(f"scores have shape {scores.shape}: give systems x tasks, with NaN where a score is missing")
    if np.isinf(scores).any():
        raise HeldoutError("a score is infinite: give the worst score of the task, or NaN if it is missing")
    weights = np.ones(scores.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    if weights.shape != scores.shape[1:]:
        raise HeldoutError(f"{weights.size} weights for {scores.shape[1]} tasks: give one weight per task")
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise HeldoutError("task weights must be finite and not negative, and at least one must be above zero")
    return scores, weights


def positions(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position of every system on every ballot, 1 the best, and the length of each ballot.

    (systems, tasks) to the lowest and the highest position that a system shares with those tied with it, stacked as
    (2, systems, tasks) with NaN where missing, and (tasks,) systems present.
    """
    present = ~np.isnan(scores)
    places = np.full((2, *scores.shape), np.nan)
    for task, (column, have) in enumerate(zip(-scores.T, present.T, strict=True)):
        ordered, mine = np.sort(column[have]), column[have]
        places[0, have, task] = np.searchsorted(ordered, mine, side="left") + 1
        places[1, have, task] = np.searchsorted(ordered, mine, side="right")
    return places, present.sum(axis=0)


def coverage(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Share of the tasks, by weight, that each system has a score for: (systems,)."""
    scores, weights = ballots(scores, weights)
    return ~np.isnan(scores) @ weights / weights.sum()


@dataclass(frozen=True)
class Duels:
    """Every pair of systems on the tasks that both have, by weight; all (systems, systems) with a zero diagonal.

    `wins[i, j]`: weight of the tasks where i scores above j. `ties[i, j]`: where they score the same.
    """

    wins: np.ndarray
    ties: np.ndarray

    @property
    def met(self) -> np.ndarray:
        """Weight of the tasks that both systems have."""
        return self.wins + self.wins.T + self.ties

    @property
    def share(self) -> np.ndarray:
        """Share of the common tasks on which i is above j; zero where they never met."""
        return np.divide(self.wins, self.met, out=np.zeros(self.wins.shape), where=self.met > 0)

    @property
    def beats(self) -> np.ndarray:
        """True where i is above j on more weight of common tasks than j above i, beyond rounding."""
        return self.wins - self.wins.T > 1e-9 * np.maximum(self.met, 1e-300)


def duels(scores: np.ndarray, weights: np.ndarray | None = None) -> Duels:
    """Counts the pairwise wins and ties of a (systems, tasks) table."""
    scores, weights = ballots(scores, weights)
    wins, ties = np.zeros((2, len(scores), len(scores)))
    for column, weight in zip(scores.T, weights, strict=True):
        wins += weight * (column[:, None] > column)
        ties += weight * (column[:, None] == column)
    np.fill_diagonal(ties, 0.0)
    return Duels(wins, ties)
