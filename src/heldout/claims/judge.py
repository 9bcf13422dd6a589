"""Verdicts on a study's claims: a pure function of the values measured so far and the budget fixed before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from heldout.claims.component import Component, component
from heldout.claims.composition import compose
from heldout.claims.evidence import Decision, decide
from heldout.core.claim import Atom, Claim, Compare
from heldout.core.measure import Measure
from heldout.core.study import Budget
from heldout.core.values import Values
from heldout.core.verdict import Look, Verdict
from heldout.stats.holm import holm

Evaluate = Callable[[Measure], Values]


@dataclass(frozen=True)
class Ruling:
    """A component, the level at which it was read, and what that decided."""

    part: Component
    level: float
    decision: Decision


def judge(
    claims: Mapping[str, Claim], evaluate: Evaluate, budget: Budget, *, alpha: float = 0.05
) -> tuple[Verdict, ...]:
    """One verdict per claim, in order; P(any wrong one) <= alpha however often the values are looked at.

    `evaluate` gives a measure's values, one per unit in the order run; looks are prefixes of them. Components share
    alpha by Holm's rule, conditions are read at alpha on their own, closed forms need none of it.
    """
    parts = [component(a, evaluate(a.measure), budget) for c in claims.values() for a in c.components()]
    counted = [i for i, p in enumerate(parts) if p.method.kind != "exact"]
    levels: dict[int, float] = dict.fromkeys(range(len(parts)), alpha)
    decided: dict[int, Decision] = {i: _read(p, alpha) for i, p in enumerate(parts) if i not in set(counted)}

    def rejects(still: Sequence[int], share: float) -> list[int]:
        for i in still:
            levels[counted[i]], decided[counted[i]] = share, _read(parts[counted[i]], share)
        return [i for i in still if decided[counted[i]]]

    holm(rejects, len(counted), alpha)
    rulings = iter([Ruling(p, levels[i], decided[i]) for i, p in enumerate(parts)])
    return tuple(_judge(name, claim, rulings, evaluate, budget, alpha) for name, claim in claims.items())


def _judge(
    name: str, claim: Claim, rulings: Iterator[Ruling], evaluate: Evaluate, budget: Budget, alpha: float
) -> Verdict:
    def counted(_: Atom) -> Verdict:
        return _verdict(next(rulings), alpha)

    def condition(atom: Atom) -> Verdict:
        part = component(atom, evaluate(atom.measure), budget)
        return _verdict(Ruling(part, alpha, _read(part, alpha)), alpha)

    return replace(compose(claim, counted, condition), claim=name)


def _read(part: Component, level: float) -> Decision:
    return None if part.evidence is None else decide(part.atom, part.evidence, level)


def _verdict(ruling: Ruling, alpha: float) -> Verdict:
    part = ruling.part
    bound = part.atom.bound if isinstance(part.atom, Compare) else part.atom.target
    blank = Verdict(
        "",
        part.atom.text,
        "undecided",
        alpha=ruling.level,
        unit=part.values.unit,
        method=part.method.name,
        assumption=part.method.assumption or None,
        bound=bound,
        reason=part.reason,
    )
    if part.evidence is None:
        n = len(part.values)
        return replace(blank, n=n, estimate=float(np.mean(part.values.values)) if n else float("nan"))
    looks = trail(ruling, alpha)
    last = looks[-1]
    word = "undecided" if ruling.decision is None else "supported" if ruling.decision[1] > 0 else "refuted"
    return replace(
        blank,
        verdict=word,
        estimate=last.estimate,
        low=last.low,
        high=last.high,
        n=last.n,
        looks=looks,
        reason=_open(part) if word == "undecided" else None,
    )


def trail(ruling: Ruling, alpha: float) -> tuple[Look, ...]:
    """The evidence look by look up to the decision, each interval valid at 1 - alpha and at one with the verdict."""
    part = ruling.part
    if part.evidence is None:
        return ()
    ends, estimates, looks = part.evidence.intervals(alpha), part.evidence.estimates(), part.evidence.looks
    if isinstance(part.atom, Compare):
        ends = _agreeing(part.atom, ends, _read(part, alpha), ruling.decision)
    stop = len(looks) if ruling.decision is None else ruling.decision[0] + 1
    return tuple(
        Look(n, float(e), float(low), float(high))
        for n, e, (low, high) in zip(looks[:stop], estimates, ends, strict=False)
    )


def _agreeing(atom: Compare, ends: np.ndarray, alone: Decision, decision: Decision) -> np.ndarray:
    """Intervals cut at the bound once the test has decided, and reaching it before: where they stem from another test.

    `alone`: what the test decides with the whole level to itself, as the interval has; `decision`: at its share of it.
    """
    found = ends.copy()
    start = len(ends)
    for one in filter(None, (alone, decision)):
        start, above = min(start, one[0]), one[1] * atom.side > 0
        side = 0 if above else 1
        found[one[0] :, side] = (np.maximum if above else np.minimum)(found[one[0] :, side], atom.bound)
    found[:start, 0] = np.minimum(found[:start, 0], atom.bound)
    found[:start, 1] = np.maximum(found[:start, 1], atom.bound)
    return np.column_stack((np.minimum(found[:, 0], found[:, 1]), np.maximum(found[:, 0], found[:, 1])))


def _open(part: Component) -> str:
    n, cap, unit = len(part.values), part.method.looks[-1], part.values.unit
    if not np.ptp(part.values.values) and isinstance(part.atom, Compare) and part.values.values[0] == part.atom.bound:
        return f"all {n} {unit}s lie exactly on the bound"
    return f"the budget of {cap} {unit}s is spent" if n >= cap else f"open after {n} of {cap} {unit}s"
