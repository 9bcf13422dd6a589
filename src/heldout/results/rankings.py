"""What different ways of voting say: tasks rank the systems, and rules of social choice make one order of it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from heldout.results import units
from heldout.results.table import Table
from heldout.stats.voting import condorcet, scoring
from heldout.stats.voting.ballots import duels
from heldout.stats.voting.points import Rule, rounded, winners

SLOW = 60
"""Systems beyond which rules that go through them one by one are left out."""

MANY = 5_000
"""Tasks beyond which only means and medians are ranked: so many are items rather than tasks."""

SECONDS = 2.0
"""What Kemeny's order may take where the majority contradicts itself; the best order found so far then stands."""


def rankings(table: Table) -> Mapping[str, tuple[str, ...]]:
    """The systems, best first, by each rule; ties in the order of the means. One task has nothing to vote on."""
    means = units.task_means(table)
    first = scoring.arithmetic(means)
    return {name: tuple(table.systems[i] for i in order(points, first)) for name, points in points_of(means).items()}


def order(points: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """Indices by points, those without any last, ties by the second array."""
    return np.lexsort((-np.nan_to_num(ties, nan=-np.inf), -np.nan_to_num(rounded(points), nan=-np.inf)))


def points_of(means: np.ndarray) -> dict[str, np.ndarray]:
    """Points by each rule of (systems, tasks) means, more being better."""
    rules: dict[str, Rule] = {"mean": scoring.arithmetic}
    if means.shape[1] > 1 and len(means) > 1:
        rules |= {"median": _median} if means.shape[1] > MANY else _voting(len(means))
    return {name: rule(means, None) for name, rule in rules.items()}


def _voting(systems: int) -> dict[str, Rule]:
    quick: dict[str, Rule] = {
        "median": _median,
        "plurality": scoring.plurality,
        "dowdall": scoring.dowdall,
        "borda": scoring.borda,
        "copeland": lambda s, w: condorcet.copeland(s, w, "wins and ties"),
        "minimax, winning votes": lambda s, w: condorcet.minimax(s, w, "winning votes"),
        "minimax, margins": lambda s, w: condorcet.minimax(s, w, "margins"),
    }
    slow: dict[str, Rule] = {
        "threshold": scoring.threshold,
        "baldwin": scoring.baldwin,
        "schulze": condorcet.schulze,
        "ranked pairs": condorcet.ranked_pairs,
        "kemeny": kemeny,
    }
    return quick | slow if systems <= SLOW else quick


def _median(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:  # noqa: ARG001
    with np.errstate(all="ignore"):
        return np.array([np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else np.nan for row in scores])


def kemeny(scores: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Kemeny's points; where the majority orders all systems without a tie or a cycle, that order is Kemeny's."""
    beats = duels(scores, weights).beats
    won = beats.sum(axis=1)
    if (np.sort(won) == np.arange(len(won))).all():  # a tournament is transitive just if its scores are 0, 1, 2 ...
        return won.astype(float)
    from heldout.stats.voting.kemeny import points  # needs SciPy's optimizer, half a second to import

    return points(scores, weights, SECONDS)


def dissent(table: Table, found: Callable[[np.ndarray], dict[str, np.ndarray]] = points_of) -> str | None:
    """Which rules crown another system than the mean does, in a sentence; None where none does."""
    points = found(units.task_means(table))
    best = set(winners(points["mean"]).tolist())
    others: dict[str, list[str]] = {}
    for rule, one in points.items():
        crowned = winners(one)
        if len(crowned) and not best & set(crowned.tolist()):
            others.setdefault(_names(table.systems, crowned), []).append(rule)
    if not others:
        return None
    said = "; ".join(f"{who} by {', '.join(rules)}" for who, rules in others.items())
    return f"the mean's winner, {_names(table.systems, np.array(sorted(best)))}, is not everyone's: {said}"


def _names(systems: Sequence[str], which: np.ndarray) -> str:
    return " and ".join(systems[int(i)] for i in which)
