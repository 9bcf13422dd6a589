"""Splits whose train and test parts use the same atoms but put them together differently.

After "Measuring Compositional Generalization" (Keysers et al., 2020), where examples are added one by one, each the best of all.
Here they are added in batches that grow with the split, each the best of a random part of what is left: the split of largest (or
smallest) compound divergence, whose worst examples then give way to better ones that were left out. Examples of train and test are
exchanged at random until the divergence is the one asked for.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.stats.divergence import ATOMS, COMPOUNDS

OUT, TRAIN, TEST = 0, 1, 2
LEAST = 10
"""Examples without which nothing can be split."""
FIRST, GROWTH, CHOICE = 8, 0.03, 64
"""Examples drawn at random to begin with, the share by which the split grows at once, and the candidates for each place."""
STARTS, ROUNDS, TRIES, SMALL, WORK = 4, 100, 3000, 300, 40_000_000
"""Where a split is not reached: how often the search begins anew, how often it exchanges many examples and then single ones, the
size of a set that is small, and the numbers looked at in exchanges of single examples, at most."""
FAR = 0.1
"""How far off a split of a larger set is when to begin anew would not reach what is wanted either."""


@dataclass(frozen=True)
class Wanted:
    """A split to look for: its compound divergence, and its atom divergence at most.

    `share`: test's part of the examples. `leave_out`: the part of all examples that may be left out where they stand in the
    way. `tolerance`: how far the compound divergence may be off.
    """

    divergence: float
    share: float = 0.2
    atoms: float = 0.02
    leave_out: float = 0.5
    tolerance: float = 0.01


@dataclass(frozen=True)
class Splitting:
    """A split: `side` (n,) of OUT, TRAIN or TEST, its divergences, and whether they are those wanted."""

    side: np.ndarray
    compounds: float
    atoms: float
    reached: bool

    @property
    def train(self) -> np.ndarray:
        """The indices of the training examples."""
        return np.flatnonzero(self.side == TRAIN)

    @property
    def test(self) -> np.ndarray:
        """The indices of the test examples."""
        return np.flatnonzero(self.side == TEST)


class Kinds(NamedTuple):
    """(n, k) counts of atoms or compounds, and the alpha of their divergence."""

    counts: sparse.csr_array
    alpha: float

    @property
    def examples(self) -> int:
        """The number of examples."""
        return len(self.counts.indptr) - 1

    def sums(self, side: np.ndarray) -> np.ndarray:
        """(2, k): the weights of train and of test."""
        masks = np.stack([side == TRAIN, side == TEST]).astype(float)
        return (self.counts.T @ masks.T).T

    def divergence(self, sums: np.ndarray) -> float:
        """1 minus the Chernoff coefficient; 1 where a part is still empty."""
        total = sums.sum(1)
        if not total.all():
            return 1.0
        top = sums[0] ** self.alpha @ sums[1] ** (1 - self.alpha)
        return float(max(0.0, 1 - top / (total[0] ** self.alpha * total[1] ** (1 - self.alpha))))

    def changed(self, sums: np.ndarray, rows: np.ndarray, part: int, by: int = 1) -> np.ndarray:
        """(len(rows),) the divergence if that one example were added to part 0 (train) or 1 (test), or, `by` -1, taken away."""
        power = self.alpha if part == 0 else 1 - self.alpha
        ours, theirs = sums[part], sums[1 - part]
        weight = theirs ** (1 - power)
        chosen = self.counts[rows]
        at = chosen.indices
        more = (np.maximum(ours[at] + by * chosen.data, 0.0) ** power - ours[at] ** power) * weight[at]
        row = np.repeat(np.arange(len(rows)), np.diff(chosen.indptr))
        top = ours**power @ weight + np.bincount(row, more, len(rows))
        size = np.maximum(ours.sum() + by * np.bincount(row, chosen.data, len(rows)), 0.0)
        bottom = size**power * theirs.sum() ** (1 - power)
        return np.where(bottom > 0, 1 - top / np.where(bottom > 0, bottom, 1.0), 1.0)


def split(atoms: sparse.csr_array, compounds: sparse.csr_array, wanted: Wanted, seed: int = 0) -> Splitting:
    """The split nearest to the one wanted, of examples with (n, atoms) counts and (n, compounds) weights.

    As many examples as possible are used, and the same seed gives the same split. HeldoutError for too few examples, or none
    that have a compound.
    """
    kinds = Kinds(_checked(atoms, "atoms"), ATOMS), Kinds(_checked(compounds, "compounds"), COMPOUNDS)
    _check(kinds, wanted)
    rng = np.random.default_rng(seed)
    usual = _judged(kinds, _random(kinds[0].examples, wanted, rng), wanted)
    if usual.reached:
        return usual
    sign = 1 if usual.compounds < wanted.divergence else -1
    best = usual
    for _ in range(STARTS):
        extreme = _judged(kinds, _improved(kinds, _grown(kinds, wanted, sign, rng), wanted, sign), wanted)
        found = _exchanged(kinds, extreme, wanted, sign, rng)
        best = min(best, found, key=lambda s: _distance(s, wanted))
        if best.reached or (_distance(best, wanted) > FAR and len(usual.side) > SMALL):
            break
    return best


def matched(
    atoms: sparse.csr_array,
    compounds: sparse.csr_array,
    train: np.ndarray,
    pool: np.ndarray,
    size: int,
    wanted: Wanted,
    seed: int = 0,
) -> Splitting:
    """A test set of `size` examples of the pool that diverges as wanted from a train set that is given.

    `train`, `pool`: indices. It is grown like a split, towards whichever side the divergence is on. HeldoutError where the pool is
    smaller.
    """
    if not 0 < size <= len(pool):
        raise HeldoutError(f"{len(pool):,} examples are left to choose {size:,} from: ask for 1 to {len(pool):,}")
    kinds = Kinds(_checked(atoms, "atoms"), ATOMS), Kinds(_checked(compounds, "compounds"), COMPOUNDS)
    side = np.zeros(kinds[0].examples, np.int8)
    side[train] = TRAIN
    sums, pool, used = [k.sums(side) for k in kinds], np.random.default_rng(seed).permutation(pool), 0
    while used < size:
        sign = 1 if kinds[1].divergence(sums[1]) < wanted.divergence else -1
        chosen, pool = _best(kinds, sums, pool, 1, min(size - used, max(1, used // 50)), wanted, sign if used else 0)
        side[chosen] = TEST
        used += len(chosen)
        for k, total in zip(kinds, sums, strict=True):
            total[1] += k.counts[chosen].sum(axis=0)
    return _judged(kinds, side, wanted)


def _random(n: int, wanted: Wanted, rng: np.random.Generator) -> np.ndarray:
    side = np.full(n, TRAIN, np.int8)
    side[rng.permutation(n)[: _tests(n, wanted)]] = TEST
    return side


def _tests(used: int, wanted: Wanted) -> int:
    return min(max(1, round(wanted.share * used)), used - 1)


def _judged(kinds: tuple[Kinds, Kinds], side: np.ndarray, wanted: Wanted) -> Splitting:
    atoms, compounds = (k.divergence(k.sums(side)) for k in kinds)
    return Splitting(side, compounds, atoms, _reached(compounds, atoms, wanted))


def _reached(compounds: float, atoms: float, wanted: Wanted) -> bool:
    return abs(compounds - wanted.divergence) <= wanted.tolerance and atoms <= wanted.atoms


def _distance(found: Splitting, wanted: Wanted) -> float:
    """How far a split is from the one wanted; too different atoms are worse than a compound divergence missed."""
    return _missed(found.compounds, found.atoms, wanted)


def _missed(compounds: float, atoms: float, wanted: Wanted) -> float:
    return abs(compounds - wanted.divergence) + 10 * max(0.0, atoms - wanted.atoms)


def _grown(kinds: tuple[Kinds, Kinds], wanted: Wanted, sign: int, rng: np.random.Generator) -> np.ndarray:
    """The largest split beyond the divergence wanted among those that the greedy search goes through, or the nearest."""
    n = kinds[0].examples
    pool, side = rng.permutation(n), np.zeros(n, np.int8)
    sums = [k.sums(side) for k in kinds]
    steps: list[tuple[float, int]] = []
    order: list[np.ndarray] = []
    used = tests = 0
    while used < n:
        more = min(n - used, FIRST if used == 0 else max(1, int(GROWTH * used)))
        test = _tests(used + more, wanted) - tests if used + more > 1 else 0
        for part, count in ((1, test), (0, more - test)):
            chosen, pool = _best(kinds, sums, pool, part, count, wanted, sign if used else 0)
            side[chosen] = part + 1
            order.append(chosen)
            for k, total in zip(kinds, sums, strict=True):
                total[part] += k.counts[chosen].sum(axis=0)
        used, tests = used + more, tests + test
        if used >= (1 - wanted.leave_out) * n:
            steps.append((_short(kinds, sums, wanted, sign), -used))
    side[np.concatenate(order)[-min(steps)[1] :]] = OUT
    return side


def _best(
    kinds: tuple[Kinds, Kinds],
    sums: list[np.ndarray],
    pool: np.ndarray,
    part: int,
    count: int,
    wanted: Wanted,
    sign: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The `count` examples to add next, and the pool without them; the rejected wait until the others have been looked at."""
    looked, rest = pool[: CHOICE * count], pool[CHOICE * count :]
    if not sign or len(looked) <= count:
        return pool[:count], pool[count:]
    order = np.argsort(_loss(kinds, sums, looked, part, wanted, sign), kind="stable")
    return looked[order[:count]], np.concatenate([rest, looked[np.sort(order[count:])]])


def _loss(
    kinds: tuple[Kinds, Kinds],
    sums: list[np.ndarray],
    rows: np.ndarray,
    part: int,
    wanted: Wanted,
    sign: int,
    by: int = 1,
) -> np.ndarray:
    """(len(rows),) what adding (or taking away) each costs; the atoms count the more the nearer they are to their limit."""
    near = kinds[0].divergence(sums[0]) / max(wanted.atoms, 1e-9)
    strict = 0.3 * np.exp(min(5.0, 8 * (near - 0.5)))
    return strict * kinds[0].changed(sums[0], rows, part, by) - sign * kinds[1].changed(sums[1], rows, part, by)


def _improved(kinds: tuple[Kinds, Kinds], side: np.ndarray, wanted: Wanted, sign: int) -> np.ndarray:
    """The split after its worst examples have given way to better ones that were left out, as long as that helps."""
    side, sums = side.copy(), [k.sums(side) for k in kinds]
    short, shares = _short(kinds, sums, wanted, sign), [0.1, 0.1]
    for turn in range(ROUNDS):
        part = turn % 2
        ours, out = np.flatnonzero(side == part + 1), np.flatnonzero(side == OUT)
        count = min(int(shares[part] * len(ours)), len(out))
        if short <= 0 or not count:
            continue
        worst = ours[np.argsort(_loss(kinds, sums, ours, part, wanted, sign, -1), kind="stable")[:count]]
        without = [_moved(k, s, worst, part, -1) for k, s in zip(kinds, sums, strict=True)]
        others = np.concatenate([out, worst])
        best = others[np.argsort(_loss(kinds, without, others, part, wanted, sign), kind="stable")[:count]]
        changed = [_moved(k, s, best, part, 1) for k, s in zip(kinds, without, strict=True)]
        now = _short(kinds, changed, wanted, sign)
        if now < short:
            side[worst], side[best] = OUT, part + 1
            sums, short = changed, now
        shares[part] = min(0.1, shares[part] * (1.2 if changed is sums else 0.5))
    return side


def _short(kinds: tuple[Kinds, Kinds], sums: list[np.ndarray], wanted: Wanted, sign: int) -> float:
    """How much a split lacks of the divergence wanted, and has too much of the atoms'."""
    atoms, compounds = (k.divergence(s) for k, s in zip(kinds, sums, strict=True))
    return max(0.0, sign * (wanted.divergence - compounds)) + 10 * max(0.0, atoms - wanted.atoms)


def _moved(kind: Kinds, sums: np.ndarray, rows: np.ndarray, part: int, by: int) -> np.ndarray:
    """The sums after the examples have been added or taken away."""
    made = sums.copy()
    made[part] += by * kind.counts[rows].sum(axis=0)
    return np.where(made > 1e-9, made, 0.0)  # what is left of weights that are no whole numbers is none


def _exchanged(
    kinds: tuple[Kinds, Kinds], extreme: Splitting, wanted: Wanted, sign: int, rng: np.random.Generator
) -> Splitting:
    """The split with so many examples of test exchanged with some of train that the divergence is nearest the one wanted."""
    best = extreme
    train, test = rng.permutation(extreme.train), rng.permutation(extreme.test)
    low, high = 0, min(len(train), len(test))
    while sign * (extreme.compounds - wanted.divergence) > 0 and high - low > 1:
        middle = (low + high) // 2
        side = extreme.side.copy()
        side[train[:middle]], side[test[:middle]] = TEST, TRAIN
        found = _judged(kinds, side, wanted)
        low, high = (middle, high) if sign * (found.compounds - wanted.divergence) > 0 else (low, middle)
        best = min(best, found, key=lambda s: _distance(s, wanted))
        if best.reached:
            return best
    return best if best.reached else _climbed(kinds, best, wanted, rng)


def _climbed(kinds: tuple[Kinds, Kinds], start: Splitting, wanted: Wanted, rng: np.random.Generator) -> Splitting:
    """The nearest split met in exchanges of single examples drawn at random, kept where they bring it nearer.

    In small sets, which have many blind alleys, also where they take it off by less than a limit that falls to 0 (threshold
    accepting; Dueck and Scheuer, 1990).
    """
    side, missed, best = start.side.copy(), _distance(start, wanted), start
    sums = [k.sums(side) for k in kinds]
    tries = min(TRIES, WORK // sum(s.size for s in sums))
    limits = np.linspace(0.5 / len(start.test) if len(side) <= SMALL else 0.0, 0.0, tries)
    for limit, (one, other) in zip(limits, rng.integers(0, len(side), (tries, 2)), strict=True):
        if side[one] == side[other]:
            continue
        changed = [_swapped(k, s, side, one, other) for k, s in zip(kinds, sums, strict=True)]
        atoms, compounds = (k.divergence(s) for k, s in zip(kinds, changed, strict=True))
        now = _missed(compounds, atoms, wanted)
        if now < missed + limit:
            sums, missed = changed, now
            side[one], side[other] = side[other], side[one]
            if missed < _distance(best, wanted):
                best = Splitting(side.copy(), compounds, atoms, _reached(compounds, atoms, wanted))
                if best.reached:
                    break
    return _judged(kinds, best.side, wanted)


def _swapped(kind: Kinds, sums: np.ndarray, side: np.ndarray, one: int, other: int) -> np.ndarray:
    """The sums after two examples have changed sides."""
    made = sums.copy()
    for row, old, new in ((one, side[one], side[other]), (other, side[other], side[one])):
        place = slice(kind.counts.indptr[row], kind.counts.indptr[row + 1])
        at, weight = kind.counts.indices[place], kind.counts.data[place]
        if old:
            made[old - 1, at] -= weight
        if new:
            made[new - 1, at] += weight
    return np.where(made > 1e-9, made, 0.0)


def _checked(counts: sparse.csr_array, what: str) -> sparse.csr_array:
    made = sparse.csr_array(counts, dtype=float)
    made.sum_duplicates()
    made.eliminate_zeros()
    if not (np.isfinite(made.data).all() and (made.data > 0).all()):
        raise HeldoutError(f"the counts of {what} must be at least 0")
    if not made.nnz:
        raise HeldoutError(f"no example has {what}: there is nothing to split by")
    return made


def _check(kinds: tuple[Kinds, Kinds], wanted: Wanted) -> None:
    n, other = (k.examples for k in kinds)
    if n != other:
        raise HeldoutError(f"atoms of {n:,} examples and compounds of {other:,}: give both of the same examples")
    for name, value in (("divergence", wanted.divergence), ("leave_out", wanted.leave_out)):
        if not 0 <= value <= 1:
            raise HeldoutError(f"{name}={value:g} must lie between 0 and 1")
    if not 0 < wanted.share < 1:
        raise HeldoutError(f"a test share of {wanted.share:g} must lie between 0 and 1, such as 0.2")
    if n < LEAST:
        raise HeldoutError(f"{n} examples are too few to split: at least {LEAST} are needed")
