"""AdaStop: group-sequential permutation tests of all pairs of several agents (Mathieu et al., TMLR, 2024).

Each interim adds `scores` fresh scores to every agent that still has an open pair. A pair's statistic is the sum of
score differences so far; its reference distribution permutes scores between the two agents within each interim. The
level spent by interim k is alpha k / K; patterns that were rejected at an earlier interim count no more. Among open
pairs the largest statistic is compared with the distribution of the largest, step by step (step-down).

`corrected` takes absolute values in statistic and reference; the package adastop 0.1.3 does so in the statistic only
(see `adastop_published`). "equal" means that a pair was not told apart; it is no evidence of equality.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import fraction

Decision = Literal["larger", "smaller", "equal", "continue"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """How to compare: `scores` per agent and interim (n), number of `interims` (K), `permutations` (B), level.

    `pairs`: which agents to compare, all where None.
    """

    scores: int = 5
    interims: int = 5
    permutations: int = 10_000
    alpha: float = 0.05
    pairs: tuple[Pair, ...] | None = None

    def __post_init__(self) -> None:
        fraction(self.alpha)
        if self.scores < 1 or self.interims < 1 or self.permutations < 100:
            raise HeldoutError(f"{self}: it takes a score, an interim and 100 permutations at least")

    @property
    def relabellings(self) -> int:
        """In how many ways the scores of one interim can be dealt to two agents."""
        return math.comb(2 * self.scores, self.scores)

    @property
    def patterns(self) -> int:
        """`permutations`, less what keeps them from being as many copies of each relabelling of the first interim."""
        few = self.relabellings <= self.permutations
        return self.permutations - self.permutations % self.relabellings if few else self.permutations

    def earliest(self, pairs: int = 1) -> int | None:
        """The first interim at which one of so many pairs can be told apart at its share of alpha; None where never."""
        for k in range(1, self.interims + 1):
            rarest = max(2 / self.relabellings**k, 1 / self.permutations)
            if rarest <= self.alpha / pairs * k / self.interims:
                return k
        return None

    def require(self, pairs: int = 1) -> None:
        """Raises HeldoutError where nothing can ever be decided, with what it takes."""
        if self.earliest(pairs) is None:
            permutations = math.ceil(pairs / self.alpha)
            n = next(n for n in range(1, 100) if replace(self, scores=n, permutations=10**15).earliest(pairs))
            raise HeldoutError(
                f"{self.scores} scores in {self.interims} interims with {self.permutations} permutations can decide "
                f"nothing at level {self.alpha:g} for {pairs} pairs: take at least {n} scores and {permutations} permutations"
            )

    def compared(self, agents: int) -> tuple[Pair, ...]:
        """The pairs to compare among so many agents; HeldoutError where one is not a pair of them."""
        if agents < 2:
            raise HeldoutError(f"{agents} agents: a comparison takes two")
        pairs = self.pairs or tuple(combinations(range(agents), 2))
        for pair in pairs:
            if len(pair) != 2 or pair[0] == pair[1] or not all(0 <= i < agents for i in pair):
                raise HeldoutError(f"{pair} is not a pair of the {agents} agents 0 to {agents - 1}")
        return pairs


@dataclass(frozen=True)
class Outcome:
    """What was decided of each pair: whether its first agent scores `larger` or `smaller`, or was not told apart.

    `decided`: at which interim (from 1; the last for pairs not told apart). `runs`: (agents,) scores used.
    `boundaries`: what the largest open statistic was compared with, per interim, in mean score differences summed over
    interims.
    """

    decisions: Mapping[Pair, Decision]
    decided: Mapping[Pair, int]
    runs: np.ndarray
    boundaries: tuple[float, ...]


@dataclass(frozen=True)
class State:
    """Where a corrected AdaStop stands between two interims; the first pattern is the observed one.

    `sums`: (patterns, pairs) signed statistics. `alive`: (patterns,) not rejected so far. `spent`: share rejected.
    """

    plan: Plan
    seed: int
    pairs: tuple[Pair, ...]
    sums: np.ndarray
    alive: np.ndarray
    spent: float
    outcome: Outcome
    interim: int = 0

    @property
    def open(self) -> tuple[int, ...]:
        """Positions of the pairs that are still undecided."""
        return tuple(i for i, p in enumerate(self.pairs) if self.outcome.decisions[p] == "continue")

    @property
    def agents(self) -> tuple[int, ...]:
        """The agents that the next interim needs scores of; empty when all is decided."""
        return tuple(sorted({agent for i in self.open for agent in self.pairs[i]}))


def corrected(scores: Any, plan: Plan = Plan(), seed: int = 0) -> Outcome:
    """Runs AdaStop with absolute values in statistic and reference.

    `scores`: (agents, at least interims x scores of the plan), only as far read as the decisions take. Exact for one
    pair: equal agents are told apart with at most probability alpha, if scores are exchangeable between them. Of several
    pairs the largest is approximate in small groups: 0.058 at alpha 0.05 for five normal agents in five groups of five
    (16,000 simulations), where `pairwise.relabellings` stays below alpha.
    """
    table = table_of(scores)
    state = begin(len(table), plan, seed)
    while state.agents:
        state = interim(state, block_of(table, state.interim, plan))
    return state.outcome


def begin(agents: int, plan: Plan = Plan(), seed: int = 0) -> State:
    """The state before the first interim."""
    plan.require()
    pairs, n = plan.compared(agents), plan.patterns
    nothing = Outcome(dict.fromkeys(pairs, "continue"), dict.fromkeys(pairs, 0), np.zeros(agents, int), ())
    return State(plan, seed, pairs, np.zeros((n, len(pairs))), np.ones(n, bool), 0.0, nothing)


def interim(state: State, scores: Any) -> State:
    """The state after one more interim. `scores`: (agents, scores of the plan); rows of idle agents are not read."""
    plan, k = state.plan, state.interim + 1
    table = np.asarray(scores, dtype=float)
    agents, columns = state.agents, state.open
    if not agents:
        raise HeldoutError("every pair is decided: there is no interim left")
    check_block(table, agents, (len(state.outcome.runs), plan.scores))
    sums = state.sums.copy()
    sums[:, columns] += _relabelled(table, [state.pairs[i] for i in columns], len(sums), (state.seed, state.interim))
    decisions, decided = dict(state.outcome.decisions), dict(state.outcome.decided)
    left, sizes = list(columns), np.abs(sums)
    while True:
        largest = np.where(state.alive, sizes[:, left].max(axis=1), -1.0)
        boundary = _boundary(largest, state.alive.sum(), plan.alpha * k / plan.interims - state.spent)
        first = max(left, key=lambda i: sizes[0, i])
        if sizes[0, first] <= boundary:
            break
        decisions[state.pairs[first]] = "larger" if sums[0, first] > 0 else "smaller"
        decided[state.pairs[first]] = k
        left.remove(first)
        if not left:
            break
    if k == plan.interims:
        decisions.update({state.pairs[i]: "equal" for i in left})
        decided.update({state.pairs[i]: k for i in left})
    gone = largest > boundary
    runs = state.outcome.runs.copy()
    runs[list(agents)] += plan.scores
    outcome = Outcome(decisions, decided, runs, (*state.outcome.boundaries, boundary))
    alive = state.alive & ~gone
    spent = state.spent + float(gone.sum()) / len(gone)
    return State(plan, state.seed, state.pairs, sums, alive, spent, outcome, k)


def _relabelled(block: np.ndarray, pairs: list[Pair], patterns: int, seed: tuple[int, int]) -> np.ndarray:
    """(patterns, pairs): mean differences of one interim's scores under random relabellings, the first as observed.

    `block`: (agents, scores). One relabelling serves all pairs. `seed`: the experiment's, and the interim from 0, the
    first of which takes every relabelling equally often where there are few.
    """
    n = block.shape[1]
    pooled = np.stack([np.concatenate([block[i], block[j]]) for i, j in pairs], axis=1)
    pooled = (pooled - pooled.mean(axis=0)) * (2 / n)
    rng = np.random.default_rng(seed)
    if math.comb(2 * n, n) <= patterns:
        picks = np.array(list(combinations(range(2 * n), n)))
        each = pooled[picks].sum(axis=1)
        which = np.arange(patterns) % len(each) if seed[1] == 0 else rng.integers(len(each), size=patterns)
        which[0] = 0
        return each[which]
    labels = np.zeros((patterns, 2 * n))
    picks = np.argpartition(rng.random((patterns, 2 * n)), n - 1, axis=1)[:, :n]
    picks[0] = np.arange(n)
    np.put_along_axis(labels, picks, 1.0, axis=1)
    return labels @ pooled


def _boundary(largest: np.ndarray, alive: int, level: float) -> float:
    """The smallest value that no more than a share `level` of all patterns exceeds; sums equal but for rounding tie."""
    may = min(math.floor(level * len(largest) + 1e-9), alive - 1)
    value = float(np.partition(largest, len(largest) - 1 - may)[len(largest) - 1 - may])
    return value + 1e-9 * float(largest.max())


def table_of(scores: Any) -> np.ndarray:
    """The scores as (agents, runs)."""
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2:
        raise HeldoutError(f"scores have shape {table.shape}: give agents x runs")
    return table


def block_of(table: np.ndarray, k: int, plan: Plan) -> np.ndarray:
    """The scores of interim `k`, from 0: (agents, scores of the plan)."""
    return table[:, k * plan.scores : (k + 1) * plan.scores]


def check_block(block: np.ndarray, agents: tuple[int, ...], shape: tuple[int, int]) -> None:
    """Raises HeldoutError where an agent that is still compared lacks a finite score."""
    if block.shape != shape:
        raise HeldoutError(f"scores have shape {block.shape}: this interim takes {shape[0]} agents x {shape[1]} scores")
    for agent in agents:
        if not np.isfinite(block[agent]).all():
            raise HeldoutError(f"agent {agent} has a score that is not finite: give a number for each run it needs")
