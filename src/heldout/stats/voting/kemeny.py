"""Kemeny's consensus: the order that disagrees with the fewest ballots, pair by pair, and the proof that it does.

Kemeny (1959); as an integer programme over pairs with transitivity of triples (Ali and Meila, 2012). Systems split
first where one part is never beaten by the other (extended Condorcet criterion, Truchon 1998). Within a part the
linear relaxation is solved with only those transitivity constraints that it violates, added round by round; the
integer programme follows where the relaxation stays fractional. HiGHS solves both, through SciPy.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from heldout.stats.voting.ballots import duels
from heldout.stats.voting.points import rounded

SLACK = 1e-6
"""Violations and gaps below this are rounding of the solver."""

MOST = 5_000
"""Constraints added in one round at most."""


EXACT = 12
"""Systems in a cycle all of whose orders are looked at."""


@dataclass(frozen=True)
class Consensus:
    """An order of systems and how near it is proven to be to the best.

    `order`: (systems,) indices, best first. `cost`: weight of tasks x pairs that the order contradicts. `bound`: no
    order costs less. `free`: (systems - 1,) true where two neighbours may change places at no cost.
    """

    order: np.ndarray
    cost: float
    bound: float
    free: np.ndarray

    @property
    def gap(self) -> float:
        """Share of the cost that a better order might still save; zero once the order is proven best."""
        return 0.0 if self.proven else (self.cost - self.bound) / self.cost

    @property
    def proven(self) -> bool:
        """Whether no order can cost less."""
        return self.cost - self.bound <= SLACK * max(1.0, self.cost)


def kemeny(scores: np.ndarray, weights: np.ndarray | None = None, seconds: float = 60.0) -> Consensus:
    """The consensus of the tasks of a (systems, tasks) table, proven best unless `seconds` run out before.

    A pair costs the weight of the tasks that have both and rank them the other way round; ties on a task cost nothing.
    """
    wins = duels(scores, weights).wins
    deadline = time.monotonic() + seconds
    order, bound = [], 0.0
    parts = _parts(wins)
    for part in parts:
        placed, least = _solve(wins[np.ix_(part, part)], deadline)
        order.extend(part[placed].tolist())
        bound += least
    for i, part in enumerate(parts):
        bound += sum(wins[np.ix_(later, part)].sum() for later in parts[i + 1 :])
    placed = np.array(order)
    ahead, behind = placed[:-1], placed[1:]
    cost = disagreement(wins, placed)
    return Consensus(placed, cost, min(bound, cost), np.isclose(wins[ahead, behind], wins[behind, ahead]))


def points(scores: np.ndarray, weights: np.ndarray | None = None, seconds: float = 10.0) -> np.ndarray:
    """Kemeny as a rule: minus how many systems stand above a system in every consensus of least cost.

    Where there are several, it does not matter which of them is found: in a cycle of equals all tie. Of parts of more than
    `EXACT` systems, each of which beats another round about, the one found within `seconds` counts, of whose neighbours those
    tie that may change places at no cost; `kemeny` tells whether it is proven.
    """
    consensus = kemeny(scores, weights, seconds)
    wins = duels(scores, weights).wins
    above = rounded(wins - wins.T) > 0
    for part in _parts(wins):
        ours = np.ix_(part, part)
        above[ours] = _always(wins[ours]) if len(part) <= EXACT else _as_found(consensus, part)
    np.fill_diagonal(above, False)
    for middle in range(len(above)):  # what is above whatever is above
        above |= above[:, middle, None] & above[None, middle]
    ranked = -above.sum(axis=0).astype(float)
    return np.where(np.isnan(scores).all(axis=1), np.nan, ranked)


def _always(wins: np.ndarray) -> np.ndarray:
    """Whether the first of two systems is above the second in every order of least cost: (systems, systems).

    Costs of all sets of systems, as a head that is placed and as a rest that is not (Held and Karp, 1962).
    """
    n = len(wins)
    sets = np.arange(1 << n)
    has = (sets[:, None] >> np.arange(n) & 1).astype(bool)
    step = wins.sum(axis=0) - has @ wins  # of placing a system right below a set
    head, rest = np.full(1 << n, np.inf), np.full(1 << n, np.inf)
    head[0], rest[-1] = 0.0, 0.0
    sizes = has.sum(axis=1)
    for size in range(n):
        for one in range(n):
            now = sets[(sizes == size) & ~has[:, one]]
            head[now | 1 << one] = np.minimum(head[now | 1 << one], head[now] + step[now, one])
            then = sets[(sizes == n - 1 - size) & ~has[:, one]]
            rest[then] = np.minimum(rest[then], step[then, one] + rest[then | 1 << one])
    least, above = head[-1], np.zeros((n, n), bool)
    for one in range(n):
        now = sets[~has[:, one]]
        best = head[now] + step[now, one] + rest[now | 1 << one] <= least + SLACK * max(1.0, least)
        above[one] = ~has[now[best]].all(axis=0)  # it may stand above whatever is not in the head
    return above & ~above.T


def _as_found(consensus: Consensus, part: np.ndarray) -> np.ndarray:
    """The same of one order of least cost, but for neighbours that may change places."""
    place = np.empty(len(consensus.order), int)
    place[consensus.order] = np.arange(len(place))
    mine = place[part]
    above = mine[:, None] < mine
    near = mine[:, None] + 1 == mine
    free = np.append(consensus.free, False)[mine]
    return above & ~(near & free[:, None])


def disagreement(wins: np.ndarray, order: np.ndarray) -> float:
    """Weight of tasks x pairs against an order: (systems, systems) wins and (systems,) indices, best first."""
    return float(np.tril(wins[np.ix_(order, order)], -1).sum())


def _parts(wins: np.ndarray) -> list[np.ndarray]:
    """Systems in parts of which none is beaten by a later one, in that order."""
    beats = rounded(wins - wins.T) > 0
    number, label = sparse.csgraph.connected_components(sparse.csr_array(beats), connection="strong")
    member = np.arange(number)[:, None] == label
    above = (member.astype(int) @ beats @ member.T) > 0
    np.fill_diagonal(above, False)
    parts, left = [], set(range(number))
    while left:
        first = min(one for one in left if not any(above[other, one] for other in left))
        parts.append(np.flatnonzero(member[first]))
        left.remove(first)
    return parts


def _solve(wins: np.ndarray, deadline: float) -> tuple[np.ndarray, float]:
    """Order of one part and a proven lower bound of its cost."""
    best = improved(wins, np.argsort((wins.T - wins).sum(axis=1), kind="stable"), deadline)
    bound = float(np.triu(np.minimum(wins, wins.T), 1).sum())
    # costs are whole numbers where the wins are: a fractional bound may then be rounded up
    whole = bool(np.allclose(wins, np.rint(wins)))
    above, triples, integral = (wins > wins.T) + 0.5 * (wins == wins.T), np.empty((0, 3), dtype=int), False
    while disagreement(wins, best) - bound > SLACK:
        violated = _violated(above)
        if len(violated) == 0 and integral:
            break
        integral = integral or len(violated) == 0
        triples = np.concatenate([triples, violated])
        solved, least = _programme(wins, triples, integral, deadline - time.monotonic())
        bound = max(bound, float(np.ceil(least - SLACK)) if whole else least)
        if solved is None:
            break
        above = solved
        found = improved(wins, np.argsort(-above.sum(axis=1), kind="stable"), deadline)
        best = min(best, found, key=lambda order: disagreement(wins, order))
    return best, bound


def _violated(above: np.ndarray) -> np.ndarray:
    """Triples i < j < k on which `above` is not transitive, (number, 3), the worst of them if there are very many."""
    found, excess = [], []
    for i in range(len(above) - 2):
        rest = above[i + 1 :, i + 1 :]
        value = above[i, i + 1 :, None] + rest - above[i, None, i + 1 :]
        over = np.triu(np.maximum(value - 1, -value), 1)
        first, second = np.nonzero(over > SLACK)
        found.append(np.stack([np.full(len(first), i), first + i + 1, second + i + 1], axis=1))
        excess.append(over[first, second])
    triples, over = np.concatenate([np.empty((0, 3), dtype=int), *found]), np.concatenate([np.empty(0), *excess])
    return triples if len(triples) <= MOST else triples[np.argpartition(-over, MOST)[:MOST]]


def _programme(
    wins: np.ndarray, triples: np.ndarray, integral: bool, seconds: float
) -> tuple[np.ndarray | None, float]:
    """Solves for who stands above whom, (n, n), with some triples transitive; and a bound that no order goes below.

    None for the former where time ran out before there was any solution.
    """
    n = len(wins)
    first, second = np.triu_indices(n, 1)
    number = np.zeros((n, n), dtype=int)
    number[first, second] = np.arange(len(first))
    i, j, k = triples.T
    columns = np.stack([number[i, j], number[j, k], number[i, k]], axis=1).ravel()
    values = np.tile([1.0, 1.0, -1.0], len(triples))
    matrix = sparse.csr_array((values, columns, 3 * np.arange(len(triples) + 1)), shape=(len(triples), len(first)))
    constant = wins[first, second].sum()
    if seconds <= 0:
        return None, 0.0
    answer = optimize.milp(
        wins[second, first] - wins[first, second],
        integrality=np.full(len(first), int(integral)),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(matrix, 0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    least = answer.mip_dual_bound if integral else answer.fun if answer.status == 0 else None
    above = None
    if answer.x is not None:
        above = np.zeros((n, n))
        above[first, second], above[second, first] = answer.x, 1 - answer.x
    return above, 0.0 if least is None else float(least + constant)


def improved(wins: np.ndarray, order: np.ndarray, deadline: float = np.inf) -> np.ndarray:
    """The order after moving single systems to where they cost least, until no such move helps or time is up.

    `deadline` is on the clock of `time.monotonic`.
    """
    order = np.array(order)
    while time.monotonic() < deadline:
        lead = (wins - wins.T)[np.ix_(order, order)]
        # what moving p to just behind q (or just before it) would cost: its leads over those passed, summed
        forth = np.cumsum(np.triu(lead, 1), axis=1)
        back = -np.cumsum(np.tril(lead, -1)[:, ::-1], axis=1)[:, ::-1]
        change = np.triu(forth, 1) + np.tril(back, -1)
        p, q = np.unravel_index(np.argmin(change), change.shape)
        if change[p, q] >= -SLACK:
            break
        order = np.insert(np.delete(order, p), q, order[p])
    return order
