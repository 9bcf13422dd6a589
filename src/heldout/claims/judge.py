"""Verdicts on a study's claims: a pure function of the values measured so far and the budget fixed before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from heldout.claims.component import Component, component, plural
from heldout.claims.composition import atoms, compose
from heldout.claims.ideal import Ideal
from heldout.claims.readings import Decision, decide, last_looks, readings, shifts, trails
from heldout.core.claim import Claim, Compare
from heldout.core.errors import HeldoutError
from heldout.core.expression import RankCorrelation
from heldout.core.measure import Measure
from heldout.core.study import Budget
from heldout.core.values import Values
from heldout.core.verdict import Look, Verdict
from heldout.stats.holm import holm

Evaluate = Callable[[Measure], Values]


def judge(
    claims: Mapping[str, Claim], evaluate: Evaluate, budget: Budget, *, alpha: float = 0.05, intervals: bool = True
) -> tuple[Verdict, ...]:
    """One verdict per claim, in order; P(any wrong one) <= alpha however often the values are looked at.

    `evaluate` gives a measure's values, one per unit in the order run; looks are prefixes of them. Comparisons share alpha
    by Holm's rule; conditions are read at alpha on their own, closed forms need none of it. Without `intervals` the words
    are the same and come sooner: all that a run needs between two looks.
    """
    if not 0.0 < alpha < 1.0:
        raise HeldoutError(f"alpha must lie between 0 and 1, such as 0.05: got {alpha}")
    wanted = [found for claim in claims.values() for found in atoms(claim)]
    known = _remembered(evaluate)
    parts = [component(atom, known(atom.measure), budget) for atom, _ in wanted]
    verdicts = iter(_rule(parts, [counted for _, counted in wanted], alpha, intervals))
    return tuple(replace(compose(claim, verdicts), claim=name) for name, claim in claims.items())


def _remembered(evaluate: Evaluate) -> Evaluate:
    """The same, without working out a measure twice."""
    seen: dict[Any, Values] = {}

    def known(measure: Measure) -> Values:
        try:
            if measure not in seen:
                seen[measure] = evaluate(measure)
            return seen[measure]
        except TypeError:  # a task or learner with fields that cannot be hashed
            return evaluate(measure)

    return known


def _rule(parts: Sequence[Component], counted: Sequence[bool], alpha: float, intervals: bool) -> list[Verdict]:
    """A verdict per part, read at its share of the level, with the evidence up to there."""
    found = readings(parts)
    alone = decide(found, alpha)
    levels, decisions = [alpha] * len(parts), list(alone)
    sharing = [i for i, p in enumerate(parts) if counted[i] and p.method.kind != "exact"]

    def rejects(still: Sequence[int], share: float) -> list[int]:
        now = decide([found[sharing[i]] for i in still], share) if share < alpha else [alone[sharing[i]] for i in still]
        for i, decision in zip(still, now, strict=True):
            levels[sharing[i]], decisions[sharing[i]] = share, decision
        return [i for i, decision in zip(still, now, strict=True) if decision]

    holm(rejects, len(sharing), alpha)
    looks = trails(found, alpha, alone, decisions) if intervals else last_looks(found, decisions)
    for i, part in enumerate(parts):
        if part.method.kind == "exact" and part.reason is None:
            decisions[i], looks[i] = _exact(part)
    narrow = shifts(found, alpha, decisions if intervals else [None] * len(parts))
    verdicts = [_verdict(*row) for row in zip(parts, levels, decisions, looks, strict=True)]
    return [replace(v, shift=s) for v, s in zip(verdicts, narrow, strict=True)]


def _exact(part: Component) -> tuple[Decision, tuple[Look, ...]]:
    """A closed form needs one value; one that equals the bound lies on neither side of it."""
    value, atom = float(part.values.values[0]), part.atom
    if isinstance(atom, Compare):
        holds = atom.side * (value - atom.bound) > 0
    else:
        holds = abs(value - atom.target) <= atom.margin
    return (0, 1 if holds else -1), (Look(1, value, value, value),)


def _verdict(part: Component, level: float, decision: Decision, looks: tuple[Look, ...]) -> Verdict:
    blank = Verdict(
        "",
        part.atom.text,
        "undecided",
        alpha=level,
        n=len(part.values),
        unit=part.values.unit,
        method=part.method.name,
        assumption=_assumption(part),
        bound=part.bound,
        looks=looks,
    )
    if not looks:
        estimate = float(np.mean(part.values.values)) if len(part.values) else float("nan")
        return replace(blank, estimate=estimate, reason=part.reason or _open(part, level))
    last = looks[-1]
    blank = replace(blank, estimate=last.estimate, low=last.low, high=last.high, n=last.n)
    if decision is None:
        return replace(blank, reason=_open(part, level))
    marked = "some values are only known to lie beyond; judged with each as it hurts the claim most"
    return replace(
        blank, verdict="supported" if decision[1] > 0 else "refuted", reason=marked if looks and part.censored else None
    )


def _assumption(part: Component) -> str | None:
    """What the method assumes, and how far a correlation over measures reaches."""
    kind, over = part.method.assumption, next(_correlations(part.atom.measure), None)
    reach = "" if over is None else f"; of these {len(over.measures)} only, not of others like them"
    return kind + reach or None


def _correlations(measure: Measure) -> Iterator[RankCorrelation]:
    if isinstance(measure, RankCorrelation):
        yield measure
    for part in measure.parts:
        yield from _correlations(part)


def _open(part: Component, level: float) -> str:
    """Why a comparison is undecided, and what it would take."""
    n, cap, unit = len(part.values), part.method.looks[-1], part.values.unit
    first = Ideal(part.atom, part.method).units(level)
    data = np.asarray(part.values.values)
    if first is None:
        return f"{cap} {plural(unit, cap)} cannot show it at level {level:.2g} even if all agree: raise the budget"
    if n < first:
        return f"{n} {plural(unit, n)} so far, and it takes at least {first} even if all agree"
    if isinstance(part.atom, Compare) and (data == part.bound).all():
        return f"all {n} {unit}s lie exactly on the bound"
    return f"the budget of {cap} {unit}s is spent" if n >= cap else f"open after {n} of {cap} {unit}s"
