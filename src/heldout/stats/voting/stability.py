"""How much an outcome depends on which tasks and which other systems happen to be in the table."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import ballots
from heldout.stats.voting.points import Rule, agreement, rounded, top, winners


@dataclass(frozen=True)
class Stability:
    """What stayed, in each perturbation of a table; (perturbations,) each.

    `winner`: the same winner or winners. `top`: systems among the first k both before and after,
    over those among them before or after. `tau`: Kendall's tau-b with
    the order before.
    """

    winner: np.ndarray
    top: np.ndarray
    tau: np.ndarray


def deletions(
    rule: Rule, scores: np.ndarray, drop: int, repeats: int, rng: np.random.Generator, *, k: int = 3
) -> Stability:
    """Drops `drop` tasks at random, `repeats` times, and compares with the whole table."""
    scores, _ = ballots(scores)
    tasks = scores.shape[1]
    if not 0 < drop < tasks:
        raise HeldoutError(f"{drop} of {tasks} tasks cannot be dropped: drop at least one and keep at least one")
    kept = [np.sort(rng.permutation(tasks)[drop:]) for _ in range(repeats)]
    before = rule(scores, None)
    return _compared([(before, rule(scores[:, one], None)) for one in kept], k)


def removals(rule: Rule, scores: np.ndarray, *, k: int = 3) -> Stability:
    """Removes every system in turn that is no winner, in order, and looks whether the order of the others changes.

    A rule that is independent of irrelevant alternatives keeps it. Empty where everybody wins.
    """
    scores, _ = ballots(scores)
    before = rule(scores, None)
    losers = np.setdiff1d(np.arange(len(scores)), winners(before))
    return _compared([(np.delete(before, one), rule(np.delete(scores, one, axis=0), None)) for one in losers], k)


def insertions(rule: Rule, scores: np.ndarray, newcomers: np.ndarray, *, k: int = 3) -> Stability:
    """Adds each row of `newcomers` (number, tasks) alone and looks whether the order of the old systems changes."""
    scores, _ = ballots(scores)
    before = rule(scores, None)
    return _compared([(before, rule(np.vstack([scores, one]), None)[: len(scores)]) for one in newcomers], k)


def changes(rule: Rule, scores: np.ndarray, changed: np.ndarray, *, k: int = 3) -> Stability:
    """Compares a table with other versions of it, (versions, systems, tasks): rescaled, corrupted or with cells missing."""
    before = rule(ballots(scores)[0], None)
    return _compared([(before, rule(one, None)) for one in changed], k)


def _compared(pairs: list[tuple[np.ndarray, np.ndarray]], k: int) -> Stability:
    rows = []
    for before, after in pairs:
        first, second = top(before, k), top(after, k)
        same = set(winners(before).tolist()) == set(winners(after).tolist())
        rows.append((same, len(first & second) / len(first | second), agreement(rounded(before), rounded(after))))
    winner, shared, tau = np.array(rows, dtype=float).reshape(-1, 3).T
    return Stability(winner.astype(bool), shared, tau)
