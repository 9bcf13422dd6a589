"""Strengths from rankings (Luce, 1959; Plackett, 1975): each place is a choice among those still to be placed.

A system is chosen with probability exp(strength) over the sum of those present. Rankings may be of a few systems, and
may say only who comes first among many. The maximum exists where wins link everybody both ways (Hunter, 2004); Newton's
method finds in a few steps what Hunter's MM finds in many.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components

from heldout.core.errors import HeldoutError
from heldout.stats.ratings.indicator import diagonal, indicator

PRIOR, STEPS = 0.1, 100


class Choices(NamedTuple):
    """Choices one by one.

    `present`: (choices, systems), 1 where a system could be chosen. `chosen`: (choices,) codes. `ranking`: (choices,) which
    ranking each belongs to.
    """

    present: Any
    chosen: np.ndarray
    ranking: np.ndarray


@dataclass(frozen=True, eq=False)
class Fit:
    """Strengths at the maximum of the likelihood.

    `strength`: (systems,) log-strengths around 0. `covariance`: theirs, rankings (or clusters of them) being independent.
    `prior`: choices each way added to every pair that met, 0 where none was needed. `components`: codes of what choices link
    both ways.
    """

    strength: np.ndarray
    covariance: np.ndarray
    prior: float
    components: np.ndarray

    def interval(self, reach: float = 1.96) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the 95% intervals."""
        error = np.sqrt(np.diag(self.covariance))
        return self.strength - reach * error, self.strength + reach * error


def choices(rankings: Iterable[Sequence[int]], systems: int, *, places: int | None = None) -> Choices:
    """Rankings, the best first, as choices; the last of each is not chosen but left.

    `places`: only so many first places are known to be in order; who comes after them lost to them and no more.
    """
    rows, columns, chosen, which, number = [], [], [], [], 0
    for k, one in enumerate(rankings):
        order = np.asarray(one)
        if len(np.unique(order)) < len(order) or (len(order) and not 0 <= order.min() <= order.max() < systems):
            raise HeldoutError(
                f"ranking {k} is {list(order)}: every system at most once, by codes from 0 to {systems - 1}"
            )
        for place in range(min(len(order) - 1, places or len(order))):
            rows.append(np.full(len(order) - place, number))
            columns.append(order[place:])
            chosen.append(order[place])
            which.append(k)
            number += 1
    if not number:
        raise HeldoutError("no ranking places one system above another: nothing to rate")
    present = indicator(np.concatenate(rows), np.concatenate(columns), (number, systems))
    return Choices(present, np.array(chosen), np.array(which))


def fit(made: Choices, *, prior: float | None = None, cluster: Sequence[Any] | np.ndarray | None = None) -> Fit:
    """The strengths under which the choices are most likely, with sandwich standard errors by ranking.

    `cluster`: a label for every ranking, of rankings that move together (a voter's, a prompt's); errors are then by cluster.
    `prior`: None adds 0.1 of a choice each way to every pair that met, where the maximum does not exist without.
    """
    beats = _beats(made)
    components = connected_components(beats, directed=True, connection="strong")[1]
    linked = connected_components(beats, directed=False)[0] == 1
    if not linked:
        raise HeldoutError("rankings link the systems into separate groups: rate each group by itself")
    added = (0.0 if not components.any() else PRIOR) if prior is None else prior
    extra = _pairs(beats) if added else None
    x = np.zeros(made.present.shape[1])
    for _ in range(STEPS):
        gradient, information, _ = _slopes(made, extra, added, x)
        step = np.linalg.solve(information + 1.0 / len(x), gradient)
        x = x + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < 1e-10:
            break
    else:
        raise HeldoutError(f"the strengths did not converge in {STEPS} steps: does somebody win or lose every choice?")
    gradient, information, scores = _slopes(made, extra, added, x)
    inverse = np.linalg.inv(information + 1.0 / len(x)) - 1.0 / len(x)
    return Fit(x - x.mean(), inverse @ _meat(made, scores, cluster) @ inverse, added, components)


def _meat(made: Choices, scores: Any, cluster: Sequence[Any] | np.ndarray | None) -> np.ndarray:
    """(systems, systems) sum of the squared scores of rankings, or of clusters times C / (C - 1)."""
    codes, number, factor = made.ranking, int(made.ranking.max()) + 1, 1.0
    if cluster is not None:
        if len(cluster) < number:
            raise HeldoutError(f"{len(cluster)} cluster labels for {number} rankings: give one per ranking")
        codes = np.unique(np.asarray(cluster)[codes], return_inverse=True)[1]
        number = int(codes.max()) + 1
        if number < 2:
            raise HeldoutError("all rankings are in one cluster: an interval takes at least two independent ones")
        factor = number / (number - 1)
    sums = (indicator(codes, np.arange(len(codes)), (number, len(codes))) @ scores).toarray()
    return factor * sums.T @ sums


def _slopes(
    made: Choices, extra: tuple[np.ndarray, np.ndarray] | None, prior: float, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Any]:
    """Gradient, information and (choices, systems) scores."""
    weight = np.exp(x - x.max())
    shares = made.present.multiply(weight).tocsr()
    shares = diagonal(1 / np.asarray(shares.sum(axis=1)).ravel()) @ shares
    rows = np.arange(len(made.chosen))
    scores = indicator(rows, made.chosen, made.present.shape) - shares
    gradient = np.asarray(scores.sum(axis=0)).ravel()
    information = np.diag(np.asarray(shares.sum(axis=0)).ravel()) - (shares.T @ shares).toarray()
    if extra is not None:
        a, b = extra
        p = 1 / (1 + np.exp(x[b] - x[a]))
        push, stiff = prior * (1 - 2 * p), 2 * prior * p * (1 - p)
        np.add.at(gradient, a, push)
        np.add.at(gradient, b, -push)
        for i, j, sign in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
            np.add.at(information, (i, j), sign * stiff)
    return gradient, information, scores


def _beats(made: Choices) -> Any:
    """(systems, systems) how often the row was chosen before the column."""
    rows = np.arange(len(made.chosen))
    won = (indicator(made.chosen, rows, made.present.shape[::-1]) @ made.present).tocoo()
    other = won.row != won.col  # everybody chosen was present
    return indicator(won.row[other], won.col[other], won.shape, won.data[other])


def _pairs(beats: Any) -> tuple[np.ndarray, np.ndarray]:
    both = (beats + beats.T).tocoo()
    upper = both.row < both.col
    return both.row[upper], both.col[upper]
