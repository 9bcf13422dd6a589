"""AdaStop as published: what the package adastop 0.1.3 computes, bit for bit (Mathieu et al., TMLR, 2024).

Its statistic is the absolute difference and its reference the largest *signed* one, so that equal agents are told apart
about twice as often as the level says. Kept for comparison; `adastop.corrected` is the one to use.
"""

import math
from itertools import combinations
from typing import Any

import numpy as np

from heldout.stats.adastop import Decision, Outcome, Pair, Plan, block_of, check_block, table_of


def published(scores: Any, plan: Plan = Plan(), seed: int | None = 0) -> Outcome:
    """Runs AdaStop as the package adastop 0.1.3 does with beta = 0 and this seed; for comparison, not for use.

    `scores`: (agents, at least interims x scores of the plan). The reference is the largest *signed* difference, drawn
    anew for each pair; where the relabellings of one interim are fewer than `permutations`, their number caps them.
    """
    table = table_of(scores)
    pairs = plan.compared(len(table))
    rng = np.random.RandomState(seed)
    decisions: dict[Pair, Decision] = dict.fromkeys(pairs, "continue")
    decided, runs = dict.fromkeys(pairs, 0), np.zeros(len(table), int)
    left, boundaries, spent = list(pairs), [], 0.0
    reference: dict[Pair, np.ndarray] = {}
    for k in range(plan.interims):
        agents = tuple(sorted({agent for pair in left for agent in pair}))
        block = block_of(table, k, plan)
        check_block(block, agents, (len(table), plan.scores))
        runs[list(agents)] += plan.scores
        kept = _kept(reference, boundaries)
        reference, unit = _signed(block, left, kept, k, plan, rng)
        statistic = {p: (k + 1) * (table[p[0], : runs[p[0]]].mean() - table[p[1], : runs[p[1]]].mean()) for p in left}
        boundary, more, told = _step_down(reference, statistic, spent, (plan.alpha * (k + 1) / plan.interims, unit))
        decisions.update(told)
        decided.update(dict.fromkeys(told, k + 1))
        left = [pair for pair in left if pair not in told]
        boundaries.append(boundary)
        spent += more
        if not left:
            break
        reference = {p: reference[p] for p in left}
    decisions.update(dict.fromkeys(left, "equal"))
    decided.update(dict.fromkeys(left, plan.interims))
    return Outcome(decisions, decided, runs, tuple(boundaries))


def _step_down(
    reference: dict[Pair, np.ndarray], statistic: dict[Pair, float], spent: float, level: tuple[float, float]
) -> tuple[float, float, dict[Pair, Decision]]:
    """The last boundary, the level that it adds, and the pairs told apart. `level`: to be spent by now, and the unit."""
    allowed, unit = level
    left, told = list(statistic), {}
    boundary, more = math.inf, 0.0
    while left:
        values = np.sort(np.max([reference[p] for p in left], axis=0))
        above = np.arange(len(values))[::-1] / unit
        admissible = spent + above <= allowed
        boundary = float(values[admissible][0]) if admissible.any() else math.inf
        more = float(above[admissible][0]) if admissible.any() else 0.0
        first = max(left, key=lambda p: abs(statistic[p]))
        if abs(statistic[first]) <= boundary:
            break
        told[first] = "larger" if statistic[first] > 0 else "smaller"
        left.remove(first)
    return boundary, more, told


def _kept(reference: dict[Pair, np.ndarray], boundaries: list[float]) -> dict[Pair, np.ndarray]:
    """The patterns that the last interim did not reject, this time by their absolute values."""
    if not reference:
        return {}
    alive = np.max([np.abs(values) for values in reference.values()], axis=0) <= boundaries[-1]
    return {pair: values[alive] for pair, values in reference.items()}


def _signed(
    block: np.ndarray,
    pairs: list[Pair],
    kept: dict[Pair, np.ndarray],
    k: int,
    plan: Plan,
    rng: np.random.RandomState,
) -> tuple[dict[Pair, np.ndarray], float]:
    """The reference of each pair after interim k (from 0), and by what the package divides to make probabilities."""
    n, total = plan.scores, plan.relabellings
    full = plan.permutations > total ** (k + 1)
    reference = {}
    for pair in pairs:
        pooled = np.concatenate([block[pair[0]], block[pair[1]]])
        if full:
            picks = np.array(list(combinations(range(2 * n), n)))
        else:
            count = len(kept[pair]) if k else plan.permutations
            drawn = [np.arange(n)] + [rng.permutation(2 * n)[:n] for _ in range(count - 1)]
            picks = np.array(drawn)
        chosen = np.zeros((len(picks), 2 * n), bool)
        np.put_along_axis(chosen, picks, True, axis=1)
        wide = np.broadcast_to(pooled, chosen.shape)
        ours, theirs = wide[chosen].reshape(-1, n), wide[~chosen].reshape(-1, n)
        gap = ours.mean(axis=1) - theirs.mean(axis=1)
        if not k:
            reference[pair] = gap
        elif full:  # every relabelling of this interim after every pattern kept, in the package's order of sums
            reference[pair] = (
                (kept[pair][None, :] + ours.mean(axis=1)[:, None]) - theirs.mean(axis=1)[:, None]
            ).ravel()
        else:
            reference[pair] = kept[pair] + ours.mean(axis=1) - theirs.mean(axis=1)
    if full:
        return reference, float(total ** (k + 1))
    return reference, float(
        total ** math.floor(math.log(plan.permutations) / math.log(total))
    ) if k else plan.permutations
