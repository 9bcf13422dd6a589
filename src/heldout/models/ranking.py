"""Rules that rank systems from a (systems, tasks) table with gaps: each gives points, one per system, more being better."""

from typing import Any

import numpy as np

from heldout.stats.voting import condorcet, kemeny, scoring


def mean(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Mean of the scores that a system has: what leaderboards do."""
    return scoring.arithmetic(scores)


def normalised(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Mean after each task is stretched to run from 0, its worst system, to 1, its best."""
    low, high = np.nanmin(scores, axis=0), np.nanmax(scores, axis=0)
    return scoring.arithmetic((scores - low) / np.where(high > low, high - low, 1.0))


def borda(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Borda's count: the mean share of the others that a system is above."""
    return scoring.borda(scores)


def dowdall(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Mean of 1 / position."""
    return scoring.dowdall(scores)


def plurality(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Share of the tasks on which a system is the best."""
    return scoring.plurality(scores)


def copeland(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Opponents beaten, ties one half."""
    return condorcet.copeland(scores, variant="wins and ties")


def minimax(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Minus the margin of a system's worst defeat."""
    return condorcet.minimax(scores, variant="margins")


def consensus(scores: np.ndarray, key: Any) -> np.ndarray:  # noqa: ARG001
    """Kemeny's consensus, exactly."""
    return kemeny.points(scores)
