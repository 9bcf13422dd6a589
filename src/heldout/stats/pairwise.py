"""All pairs of several agents as runs come in, each pair tested exactly and Holm's method over the pairs.

What AdaStop sets out to do, without its one approximation: AdaStop compares the largest difference of several pairs with
the relabellings of each pair by itself, which is not how pairs with an agent in common behave when groups are small.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from heldout.stats import relabelling, signflip
from heldout.stats.adastop import Decision, Outcome, Pair, Plan, check_block, table_of
from heldout.stats.groupsequential import Orbit, first_rejection
from heldout.stats.holm import holm
from heldout.stats.looks import schedule


def relabellings(scores: Any, plan: Plan = Plan()) -> Outcome:
    """Tests every pair at AdaStop's interims by relabelling its scores within each interim.

    `scores`: (agents, at least interims x scores of the plan), only as far read as the decisions take; the plan's number
    of permutations is not used. Family-wise error at most alpha, whichever pairs are equal, if the scores of equal agents
    are exchangeable.
    """
    table = table_of(scores)
    pairs = plan.compared(len(table))
    replace(plan, permutations=relabelling.PATTERNS).require(len(pairs))
    times = tuple(plan.scores * (k + 1) for k in range(plan.interims))

    def look(left: list[int], k: int) -> Orbit:
        one, two = _sides(table[:, : times[k]], [pairs[c] for c in left], times[k])
        return relabelling.orbit(one, two, [(n, n) for n in times], len(times))

    return _decided(look, pairs, times, table, plan.alpha)


def sign_flips(scores: Any, plan: Plan = Plan()) -> Outcome:
    """Tests every pair by flipping the signs of its differences, runs paired by their order, at heldout's own looks.

    The looks are 4, 6, 8, 12 ... up to interims x scores of the plan; its permutations are not used. Family-wise error at
    most alpha, whichever pairs are equal, if paired scores of equal agents are exchangeable.
    """
    table = table_of(scores)
    pairs, times = plan.compared(len(table)), schedule(plan.scores * plan.interims)

    def look(left: list[int], k: int) -> Orbit:
        one, two = _sides(table[:, : times[k]], [pairs[c] for c in left], times[k])
        return signflip.orbit(one - two, times, len(times))

    return _decided(look, pairs, times, table, plan.alpha)


def _decided(
    look: Callable[[list[int], int], Orbit],
    pairs: Sequence[Pair],
    times: Sequence[int],
    table: np.ndarray,
    alpha: float,
) -> Outcome:
    """Looks at the pairs left until there are none; what a pair decided no longer needs of alpha goes to the others."""
    decisions: dict[Pair, Decision] = dict.fromkeys(pairs, "equal")
    decided, runs = dict.fromkeys(pairs, len(times)), np.zeros(len(table), int)
    left = list(range(len(pairs)))
    for k, n in enumerate(times):
        runs[list(_agents(pairs, left))] = n
        orbit = look(left, k)
        told = {left[i] for i, at in enumerate(holm(partial(_rejected, orbit), len(left), alpha)) if at is not None}
        for i, j in (pairs[c] for c in told):
            decisions[i, j] = "larger" if table[i, :n].sum() > table[j, :n].sum() else "smaller"
            decided[i, j] = k + 1
        left = [c for c in left if c not in told]
        if not left:
            break
    return Outcome(decisions, decided, runs, ())


def _sides(table: np.ndarray, pairs: Sequence[Pair], n: int) -> tuple[np.ndarray, np.ndarray]:
    """(pairs, n) scores of the first and of the second agents."""
    check_block(table, tuple(sorted({agent for pair in pairs for agent in pair})), (len(table), n))
    return table[[i for i, _ in pairs]], table[[j for _, j in pairs]]


def _rejected(orbit: Orbit, still: Sequence[int], share: float) -> list[int]:
    first = first_rejection(orbit, share)
    return [i for i in still if first[i] < len(orbit.sums)]


def _agents(pairs: Sequence[Pair], left: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({agent for c in left for agent in pairs[c]}))
