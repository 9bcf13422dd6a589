"""How soon a claim could be decided if everything went its way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heldout.claims.evidence import Means, decide
from heldout.claims.method import Method, choose, unit
from heldout.core.claim import AllOf, AtLeast, Atom, Claim, Compare, Given
from heldout.core.errors import HeldoutError
from heldout.core.study import Budget
from heldout.stats import binomial, signflip
from heldout.stats.holm import holm
from heldout.stats.looks import spent


@dataclass(frozen=True)
class Ideal:
    """A comparison whose every unit will be as favourable as it can."""

    atom: Atom
    method: Method

    def units(self, level: float) -> int | None:
        """The first look at which it is supported at `level`; None if the budget ends before."""
        look = _EARLIEST[self.method.kind](self, level)
        return None if look is None else self.method.looks[look] if self.method.looks else 1


def _exact(_: Ideal, __: float) -> int | None:
    return 0


def _never(_: Ideal, __: float) -> int | None:
    return None


def _flips(ideal: Ideal, level: float) -> int | None:
    """All differences on one side: only patterns that flip none of them reach the observed sum."""
    looks = ideal.method.looks
    patterns = signflip.signs(looks[-1])
    tied = [int(np.count_nonzero((patterns[:, :n] == 1).all(axis=1))) for n in looks]
    shares = spent(level, len(looks))
    return next((k for k, (t, s) in enumerate(zip(tied, shares, strict=True)) if t <= s * len(patterns)), None)


def _signs(ideal: Ideal, level: float) -> int | None:
    """All units beyond the bound."""
    looks = ideal.method.looks
    least = binomial.median_boundaries(looks, level, len(looks))
    return next((k for k, (u, n) in enumerate(zip(least, looks, strict=True)) if u <= n), None)


def _means(ideal: Ideal, level: float) -> int | None:
    """All units at the favourable end of the bounds; at the target for a claim of nearness."""
    atom, method = ideal.atom, ideal.method
    value = method.bounds[atom.side > 0] if isinstance(atom, Compare) else atom.target
    if not method.bounds[0] <= value <= method.bounds[1]:
        return None
    found = decide(atom, Means(method, np.full(method.looks[-1], value), method.looks), level)
    return found[0] if found and found[1] > 0 else None


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


_EARLIEST = {
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


def least(claims: Mapping[str, Claim], name: str, budget: Budget, *, alpha: float = 0.05) -> int | None:
    """The least number of units that could show the claim, if it and all others went well; None: not in this budget."""
    if name not in claims:
        raise HeldoutError(f"no claim {name!r}; there is {', '.join(claims)}")
    members = {key: ideals(claim, budget) for key, claim in claims.items()}
    every = [i for own in members.values() for i in own if i.method.kind != "exact"]
    for n in sorted({look for i in every for look in i.method.looks} | {1}):
        levels = iter(holm(lambda still, share, n=n: _shown(every, still, share, n), len(every), alpha))
        known = {
            key: [i.method.kind == "exact" or next(levels) is not None for i in own] for key, own in members.items()
        }
        if _holds(claims[name], iter(known[name]), n, budget, alpha):
            return n
    return None


def _shown(every: Sequence[Ideal], still: Sequence[int], share: float, n: int) -> list[int]:
    return [i for i in still if (units := every[i].units(share)) is not None and units <= n]


def _holds(claim: Claim, known: Iterator[bool], n: int, budget: Budget, alpha: float) -> bool:
    if isinstance(claim, Given):
        part = _holds(claim.part, known, n, budget, alpha)
        found = [i.units(alpha) for i in ideals(claim.condition, budget)]
        conditions = iter([units is not None and units <= n for units in found])
        return part and _holds(claim.condition, conditions, n, budget, alpha)
    if isinstance(claim, AllOf | AtLeast):
        parts = [_holds(p, known, n, budget, alpha) for p in claim.parts]
        return all(parts) if isinstance(claim, AllOf) else sum(parts) >= claim.k
    return next(known)
