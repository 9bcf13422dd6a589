"""Conditional winners: the weights of tasks under which a system would win.

Under rules whose points are a weighted mean over tasks, and for Condorcet, winning is a set of linear inequalities in
the weights; linear programmes then tell whether a system can win at all, and how little the weights must change.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import ballots
from heldout.stats.voting.points import Rule

LEVEL = 1e-9


@dataclass(frozen=True)
class Condition:
    """What weights a system needs.

    `lead`: the largest lead over the closest rival that any weights give it; below zero it never wins, at zero it ties
    at best. `best`: (tasks,) weights with that lead. `nearest`: (tasks,) weights next to the given ones at which it
    draws level with its last rival, None where there are none. `moved`: share of the weight that has to move there.
    """

    lead: float
    best: np.ndarray
    nearest: np.ndarray | None
    moved: float

    @property
    def possible(self) -> bool:
        """Whether some weights make it the only winner."""
        return self.lead > LEVEL


def condition(rule: Rule, scores: np.ndarray, system: int, weights: np.ndarray | None = None) -> Condition:
    """Weights under which `system` wins by a rule whose points are a weighted mean over tasks.

    Such are `arithmetic`, `plurality`, `dowdall` and `borda`; not Copeland, minimax, threshold, Baldwin, Kemeny. Needs
    a complete table: with missing cells points are means over different tasks, and no longer linear in the weights.
    """
    scores, weights = ballots(scores, weights)
    if np.isnan(scores).any():
        raise HeldoutError("a score is missing: keep the tasks that all systems have, or ask for the Condorcet winner")
    if len(scores) == 1:
        return _solve(np.empty((0, scores.shape[1])), weights / weights.sum())
    each = np.stack([rule(scores[:, [t]], None) for t in range(scores.shape[1])], axis=1)
    if not np.allclose(rule(scores, weights), each @ weights / weights.sum(), atol=1e-7):
        raise HeldoutError(
            "this rule's points are no weighted mean over tasks: use arithmetic, plurality, dowdall or borda"
        )
    return _solve(each[system] - np.delete(each, system, axis=0), weights / weights.sum())


def condorcet_condition(scores: np.ndarray, system: int, weights: np.ndarray | None = None) -> Condition:
    """Weights under which `system` beats every other one; missing cells say nothing on their pairs."""
    scores, weights = ballots(scores, weights)
    with np.errstate(invalid="ignore"):
        advantage = np.sign(scores[system] - np.delete(scores, system, axis=0))
    return _solve(np.nan_to_num(advantage), weights / weights.sum())


def _solve(advantage: np.ndarray, weights: np.ndarray) -> Condition:
    """`advantage`: (rivals, tasks) what a unit of weight on a task adds to the lead over a rival."""
    rivals, tasks = advantage.shape
    if rivals == 0:
        return Condition(np.inf, weights, weights, 0.0)
    # largest m with advantage @ w >= m, w on the simplex
    answer = optimize.linprog(
        np.append(np.zeros(tasks), -1.0),
        A_ub=np.column_stack([-advantage, np.ones(rivals)]),
        b_ub=np.zeros(rivals),
        A_eq=np.append(np.ones(tasks), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * tasks + [(None, None)],
    )
    lead, best = float(answer.x[-1]), answer.x[:-1]
    if lead < -LEVEL:
        return Condition(lead, best, None, np.nan)
    # weight taken away and added, least in sum, such that no rival leads any more
    level = optimize.linprog(
        np.ones(2 * tasks),
        A_ub=np.column_stack([-advantage, advantage]),
        b_ub=advantage @ weights + LEVEL,
        A_eq=np.append(np.ones(tasks), -np.ones(tasks))[None],
        b_eq=[0.0],
        bounds=[(0, None)] * tasks + [(0, float(w)) for w in weights],
    )
    nearest = weights + level.x[:tasks] - level.x[tasks:]
    return Condition(lead, best, nearest, float(np.abs(nearest - weights).sum() / 2))
