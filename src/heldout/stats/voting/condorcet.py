"""Rules that look at pairs of systems: Condorcet, Copeland, minimax, Schulze, ranked pairs.

A pair is compared on the tasks that both have ("induced" pairs), so a missing task is no defeat; strengths are shares
of those tasks. Pairs that never met count for neither side.
"""

from typing import Literal

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import Duels, duels
from heldout.stats.voting.points import rounded


def condorcet(scores: np.ndarray, weights: np.ndarray | None = None) -> int | None:
    """The system that beats every other on more tasks than it loses to it, or None where there is no such system."""
    beats = duels(scores, weights).beats
    whole = np.flatnonzero(beats.sum(axis=1) == len(beats) - 1)
    return int(whole[0]) if len(whole) else None


def smith(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The smallest set of systems (indices) that each beat everyone outside it."""
    beats = duels(scores, weights).beats
    order = np.argsort(-beats.sum(axis=1), kind="stable")
    for size in range(1, len(order)):
        inside, outside = order[:size], order[size:]
        if beats[np.ix_(inside, outside)].all():
            return np.sort(inside)
    return np.sort(order)


Copeland = Literal["wins and ties", "wins minus losses", "wins", "losses"]
Minimax = Literal["winning votes", "margins", "opposition"]


def copeland(
    scores: np.ndarray, weights: np.ndarray | None = None, variant: Copeland = "wins minus losses"
) -> np.ndarray:
    """Opponents beaten, by one of four counts.

    "wins and ties" counts a tie one half (Copeland's own); "wins minus losses", "wins" and "losses" (fewest are best)
    are Copeland I, II and III of Rofin et al. (2023).
    """
    pairs = duels(scores, weights)
    wins, losses = pairs.beats.sum(axis=1).astype(float), pairs.beats.sum(axis=0).astype(float)
    met = (pairs.met > 0).sum(axis=1)
    match variant:
        case "wins and ties":
            return wins + (met - wins - losses) / 2
        case "wins minus losses":
            return wins - losses
        case "wins":
            return wins
        case "losses":
            return -losses
    raise HeldoutError(f"Copeland's variant is {variant!r}: wins and ties, wins minus losses, wins or losses")


def minimax(scores: np.ndarray, weights: np.ndarray | None = None, variant: Minimax = "winning votes") -> np.ndarray:
    """Minus the strength of a system's worst defeat, a strength being a share of the tasks that the two have in common.

    "winning votes": the share won by the opponent where it beats the system, else zero. "margins": the share won less
    the share lost. "opposition": the share won, whoever won the pair.
    """
    pairs = duels(scores, weights)
    share = pairs.share
    match variant:
        case "winning votes":
            against = np.where(pairs.beats, share, 0.0)
        case "margins":
            against = share - share.T
        case "opposition":
            against = share
        case _:
            raise HeldoutError(f"the variant of minimax is {variant!r}: winning votes, margins or opposition")
    against = np.where(pairs.met > 0, against, -np.inf)
    if len(share) == 1:
        return np.zeros(1)
    worst = against.max(axis=0)
    return np.where(np.isinf(worst), np.nan, -worst)


def schulze(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Opponents to whom a system's strongest path of victories is stronger than theirs back, ties one half.

    Strength by winning votes, in shares of common tasks (Schulze, 2011).
    """
    path = _widest(duels(scores, weights))
    above = path > path.T
    return above.sum(axis=1) + (path == path.T).sum(axis=1) / 2 - 0.5


def _widest(pairs: Duels) -> np.ndarray:
    path = rounded(np.where(pairs.beats, pairs.share, 0.0))
    for k in range(len(path)):
        path = np.maximum(path, np.minimum(path[:, k, None], path[None, k]))
    return path


def ranked_pairs(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Locks victories in, the strongest margin first, unless they close a cycle (Tideman, 1987).

    Victories of equal margin are locked together: those that a chain of the ones already locked contradicts are left
    out, then the others go in unless, together, they contradict each other. Points: systems below in what is locked, less
    those above, so that no order depends on how the systems are listed.
    """
    pairs = duels(scores, weights)
    margin = rounded(np.where(pairs.beats, pairs.share - pairs.share.T, 0.0))
    reach = np.zeros(margin.shape, dtype=bool)
    for strength in np.unique(margin[margin > 0])[::-1]:
        fresh = (margin == strength) & ~reach.T
        whole = _closure(reach | fresh)
        # edges between systems that would reach each other contradict one another, and none of them is locked
        reach = _closure(reach | (fresh & ~whole.T))
    return (reach.sum(axis=1) - reach.sum(axis=0)).astype(float)


def _closure(edges: np.ndarray) -> np.ndarray:
    edges = edges.copy()
    for k in range(len(edges)):
        edges |= edges[:, k, None] & edges[None, k]
    return edges
