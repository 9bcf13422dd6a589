"""How soon a comparison could be decided if every unit were as favourable as it can be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from heldout.claims.evidence import Means, Sample
from heldout.claims.method import Kind, Method, choose, unit
from heldout.core.claim import Atom, Claim, Compare
from heldout.core.study import Budget
from heldout.stats import binomial, signflip
from heldout.stats.looks import spent


@dataclass(frozen=True)
class Ideal:
    """A comparison whose every unit will be as favourable as it can."""

    atom: Atom
    method: Method

    def units(self, level: float) -> int | None:
        """The first look at which it is supported at `level`; None if the budget ends before."""
        if not self.method.looks and self.method.kind != "exact":  # not even one block of seeds is paid for
            return None
        look = _EARLIEST[self.method.kind](self, level)
        return None if look is None else self.method.looks[look] if self.method.looks else 1


def _exact(_: Ideal, __: float) -> int | None:
    return 0


def _never(_: Ideal, __: float) -> int | None:
    return None


def _flips(ideal: Ideal, level: float) -> int | None:
    """All differences on one side: only patterns that flip none of them reach the observed sum."""
    looks = ideal.method.looks
    shares = spent(level, len(looks))
    return next((k for k, (t, s) in enumerate(zip(_unflipped(looks), shares, strict=True)) if t <= s), None)


@lru_cache(maxsize=64)
def _unflipped(looks: tuple[int, ...]) -> tuple[float, ...]:
    """The share of patterns that flip no unit by each look."""
    patterns = signflip.signs(min(looks[-1], signflip.BLOCK)) == 1
    return tuple(float(patterns[:, :n].all(axis=1).mean()) for n in looks)


def _signs(ideal: Ideal, level: float) -> int | None:
    """All units beyond the bound."""
    looks = ideal.method.looks
    least = binomial.median_boundaries(looks, level, len(looks))
    return next((k for k, (u, n) in enumerate(zip(least, looks, strict=True)) if u <= n), None)


def _means(ideal: Ideal, level: float) -> int | None:
    """All units at the favourable end of the bounds; at the target for a claim of nearness."""
    atom, method = ideal.atom, ideal.method
    (low, high), looks = method.bounds, method.looks
    value = method.bounds[atom.side > 0] if isinstance(atom, Compare) else min(max(atom.target, low), high)
    means = Means(Sample(np.full((1, looks[-1]), value), np.array([low]), np.array([high]), looks, len(looks)))
    if isinstance(atom, Compare):
        look = int(means.sides(np.array([atom.bound]), level)[atom.side < 0][0])
        return look if look < len(looks) else None
    ends = means.intervals(level)[0]
    inside = (ends[:, 0] >= atom.target - atom.margin) & (ends[:, 1] <= atom.target + atom.margin)
    return int(inside.argmax()) if inside.any() else None


def _proportion(ideal: Ideal, level: float) -> int | None:
    """All successes, or all failures."""
    atom, looks = ideal.atom, ideal.method.looks
    if not isinstance(atom, Compare):
        return _means(ideal, level)
    p = atom.bound if atom.side > 0 else 1.0 - atom.bound
    if not 0.0 <= p <= 1.0:
        return 0 if p < 0 else None
    look = binomial.first_rejection(looks, looks, p, level / 2, len(looks))
    return look if look < len(looks) else None


_EARLIEST: dict[Kind, Callable[[Ideal, float], int | None]] = {
    "exact": _exact,
    "none": _never,
    "flips": _flips,
    "shifted flips": _flips,
    "signs": _signs,
    "betting": _means,
    "proportion": _proportion,
}


def ideals(claim: Claim, budget: Budget) -> list[Ideal]:
    """The claim's comparisons in order, each with the method that perfect values would call for."""
    found = []
    for atom in claim.components():
        its = unit(atom.measure)
        found.append(Ideal(atom, choose(atom, its, budget, binary=atom.measure.bounds == (0.0, 1.0))))
    return found
