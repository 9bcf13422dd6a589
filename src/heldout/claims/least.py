"""The least number of units that could show a claim."""

from collections.abc import Iterator, Mapping, Sequence

from heldout.claims.ideal import Ideal, ideals
from heldout.core.claim import AllOf, AtLeast, Claim, Given
from heldout.core.errors import HeldoutError
from heldout.core.study import Budget
from heldout.stats.holm import holm


def least(claims: Mapping[str, Claim], name: str, budget: Budget, *, alpha: float = 0.05) -> int | None:
    """The least number of units that could show the claim, if it and all others went well; None: not in this budget."""
    if name not in claims:
        raise HeldoutError(f"no claim {name!r}; there is {', '.join(claims)}")
    return leasts(claims, budget, alpha=alpha)[name]


def leasts(claims: Mapping[str, Claim], budget: Budget, *, alpha: float = 0.05) -> dict[str, int | None]:
    """The same for every claim, worked out together."""
    members = {key: ideals(claim, budget) for key, claim in claims.items()}
    every = [i for own in members.values() for i in own if i.method.kind != "exact"]
    found: dict[str, int | None] = dict.fromkeys(claims)
    for n in sorted({look for i in every for look in i.method.looks} | {1}):
        levels = iter(holm(lambda still, share, n=n: _shown(every, still, share, n), len(every), alpha))
        for key, own in members.items():
            known = [i.method.kind == "exact" or next(levels) is not None for i in own]
            if found[key] is None and _holds(claims[key], iter(known), n, budget, alpha):
                found[key] = n
        if None not in found.values():
            break
    return found


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
