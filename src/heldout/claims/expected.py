"""How many units a claim takes on average where its effects have a stated size, by running its own tests on simulated units."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from heldout.claims.evidence import Evidence, Flips, Proportions, Sample, Signs
from heldout.claims.ideal import Ideal
from heldout.claims.method import Kind, choose, unit
from heldout.core.claim import AllOf, AtLeast, Claim, Compare, Given
from heldout.core.errors import HeldoutError
from heldout.core.study import Budget

SIMULATIONS = 400

TESTS: dict[Kind, type[Evidence]] = {
    "flips": Flips,
    "shifted flips": Flips,
    "signs": Signs,
    "proportion": Proportions,
}
"""Tests whose course depends on the effect alone; that of a bet depends on how far the bounds are as well."""

Stops = tuple[np.ndarray, np.ndarray]
"""Of every simulation, the units at which a claim was decided (infinite: never), and whether it was supported."""


@dataclass(frozen=True)
class Expected:
    """The mean number of units at a verdict, the budget counting where there is none; `power`: the share supported."""

    units: float
    power: float


def expected(
    claims: Mapping[str, Claim], budget: Budget, effect: float, *, alpha: float = 0.05
) -> dict[str, Expected | None]:
    """For every claim, what it takes if each of its comparisons exceeds its bound by `effect` standard deviations.

    Units are normal, or 0 and 1 where the method wants these; the level is the first step of Holm's, which is on the safe
    side. None: the claim hangs on bets or on a margin around a value, which take more than an effect to foresee.
    """
    if not (math.isfinite(effect) and effect > 0):
        raise HeldoutError(
            f"an effect of {effect:g}: state the smallest one that matters, in standard deviations, above 0"
        )
    counted = [i for claim in claims.values() for i in _ideals(claim, budget) if i.method.kind != "exact"]
    level, turn = alpha / max(len(counted), 1), iter(range(1_000_000))

    def stops(claim: Claim, level: float) -> Stops | None:
        if isinstance(claim, Given):
            return _joined([stops(claim.part, level), stops(claim.condition, alpha)], 2)
        if isinstance(claim, AllOf | AtLeast):
            parts = [stops(part, level) for part in claim.parts]
            return _joined(parts, len(parts) if isinstance(claim, AllOf) else claim.k)
        (ideal,) = _ideals(claim, budget)
        found = _stops(ideal, effect, level)
        order = np.random.default_rng(next(turn)).permutation(SIMULATIONS)  # parts are told apart as if independent
        return found and (found[0][order], found[1][order])

    return {name: _summary(stops(claim, level), claim, budget) for name, claim in claims.items()}


def _ideals(claim: Claim, budget: Budget) -> list[Ideal]:
    atoms = claim.components()
    return [Ideal(a, choose(a, unit(a.measure), budget, binary=a.measure.bounds == (0.0, 1.0))) for a in atoms]


def _joined(parts: list[Stops | None], needed: int) -> Stops | None:
    """When the `needed` of the parts that come first are supported, or too many are refuted for that."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    units, held = (np.array(columns) for columns in zip(*known, strict=True))
    yes = np.sort(np.where(held, units, np.inf), axis=0)[needed - 1]
    no = np.sort(np.where(held, np.inf, units), axis=0)[len(parts) - needed]
    return np.minimum(yes, no), yes < no


def _stops(ideal: Ideal, effect: float, level: float) -> Stops | None:
    method, atom = ideal.method, ideal.atom
    if method.kind == "exact":
        return np.ones(SIMULATIONS), np.ones(SIMULATIONS, bool)
    if method.kind not in TESTS or not isinstance(atom, Compare) or not method.looks:
        return None
    bound = atom.bound if atom.side > 0 else 1.0 - atom.bound
    if method.kind == "proportion" and not 0.0 < bound < 1.0:
        return None
    return _simulated(method.kind, method.looks, effect, level, bound if method.kind == "proportion" else 0.0)


@lru_cache(maxsize=256)
def _simulated(kind: Kind, looks: tuple[int, ...], effect: float, level: float, bound: float) -> Stops:
    rng, shape = np.random.default_rng(0), (SIMULATIONS, looks[-1])
    if kind == "proportion":
        rate = min(bound + effect * math.sqrt(bound * (1 - bound)), 1.0)
        values = (rng.random(shape) < rate).astype(float)
    else:
        values = effect + rng.standard_normal(shape)
    ends = (0.0, 1.0) if kind == "proportion" else (-np.inf, np.inf)
    low, high = (np.full(SIMULATIONS, end) for end in ends)
    test = TESTS[kind](Sample(values, low, high, looks, len(looks)))  # pyright: ignore[reportCallIssue]
    above, below = test.sides(np.full(SIMULATIONS, bound), level)
    units = np.append(np.asarray(looks, float), np.inf)
    return units[np.minimum(above, below)], above < below


def _summary(found: Stops | None, claim: Claim, budget: Budget) -> Expected | None:
    if found is None:
        return None
    cap = max((i.method.looks[-1] for i in _all(claim, budget) if i.method.looks), default=1)
    return Expected(float(np.minimum(found[0], cap).mean()), float(found[1].mean()))


def _all(claim: Claim, budget: Budget) -> Iterator[Ideal]:
    yield from _ideals(claim, budget)
    for condition in claim.conditions():
        yield from _all(condition, budget)
