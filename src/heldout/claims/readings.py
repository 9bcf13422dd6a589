"""All comparisons of a study read together: those of one method and number of units share one computation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heldout.claims.component import Component
from heldout.claims.evidence import BoundedFlips, Evidence, Flips, Means, Mixed, Proportions, Sample, Signs
from heldout.core.claim import Compare
from heldout.core.verdict import Look

Decision = tuple[int, int] | None
"""The index of the look, and 1 for supported or -1 for refuted; nothing yet where None."""

TESTS: dict[str, type[Evidence]] = {
    "flips": BoundedFlips,
    "free flips": Flips,
    "shifted flips": Flips,
    "signs": Signs,
    "proportion": Proportions,
    "betting": Means,
    "mixed": Mixed,
}


@dataclass(frozen=True)
class Reading:
    """A component's rows in the evidence of its group: one row, or two where values are censored."""

    part: Component
    evidence: Evidence
    least: int
    greatest: int


def readings(parts: Sequence[Component]) -> list[Reading | None]:
    """A reading for every component that has reached a look and is not a closed form."""
    groups: dict[tuple[str, tuple[int, ...], int], list[int]] = {}
    for i, part in enumerate(parts):
        if part.reason is None and part.method.kind != "exact" and part.looks:
            groups.setdefault((_test(part), part.looks, len(part.method.looks)), []).append(i)
    found: list[Reading | None] = [None] * len(parts)
    for (kind, looks, planned), members in groups.items():
        rows: list[np.ndarray] = []
        places: list[tuple[int, int]] = []
        for i in members:
            below, above = parts[i].extremes()
            rows += [below, above] if parts[i].censored else [below]
            places.append((len(rows) - 1 - parts[i].censored, len(rows) - 1))
        owners = [parts[i] for i, (a, b) in zip(members, places, strict=True) for _ in range(b - a + 1)]
        low, high = (np.array([p.method.bounds[side] for p in owners]) for side in (0, 1))
        evidence = TESTS[kind](Sample(np.array(rows), low, high, looks, planned))  # pyright: ignore[reportCallIssue]
        for i, (a, b) in zip(members, places, strict=True):
            found[i] = Reading(parts[i], evidence, a, b)
    return found


def _test(part: Component) -> str:
    """The test behind the part's method: which one depends on bounds, censoring and what the first look saw."""
    kind = part.method.kind
    if kind == "flips" and not part.method.bounded:
        return "free flips"
    if kind == "proportion" and part.censored:
        return "betting"
    if kind == "betting" and part.method.bounds == (0.0, 1.0) and not part.censored:
        first = np.asarray(part.values.values, float)[: part.looks[0]]
        return "mixed" if np.isin(first, (0.0, 1.0)).all() else "betting"
    return kind


def decide(found: Sequence[Reading | None], level: float) -> list[Decision]:
    """What every reading decides at `level`, two-sided."""
    decisions: list[Decision] = [None] * len(found)
    for evidence, members in _by_evidence(found):
        bounds = np.zeros(len(evidence.sample.values))
        for _, reading in members:
            bounds[[reading.least, reading.greatest]] = reading.part.bound
        above, below = evidence.sides(bounds, level)
        near = any(not isinstance(r.part.atom, Compare) for _, r in members)
        ends = evidence.intervals(level) if near else np.empty(0)
        for i, reading in members:
            if isinstance(reading.part.atom, Compare):
                sides = int(above[reading.least]), int(below[reading.greatest])
                decisions[i] = _first(*sides, len(evidence.sample.looks), reading.part.atom.side)
            else:
                decisions[i] = _within(reading, ends)
    return decisions


def _first(above: int, below: int, none: int, side: int) -> Decision:
    if min(above, below) >= none:
        return None
    return (above, side) if above <= below else (below, -side)


def _within(reading: Reading, ends: np.ndarray) -> Decision:
    """Supported where the interval lies inside the margin, refuted where it lies outside."""
    target, margin = reading.part.bound, getattr(reading.part.atom, "margin", 0.0)
    for look, (low, high) in enumerate(zip(ends[reading.least, :, 0], ends[reading.greatest, :, 1], strict=True)):
        if target - margin <= low and high <= target + margin:
            return look, 1
        if high < target - margin or low > target + margin:
            return look, -1
    return None


def trails(
    found: Sequence[Reading | None], level: float, alone: Sequence[Decision], decided: Sequence[Decision]
) -> list[tuple[Look, ...]]:
    """The evidence of every reading, look by look up to its decision, each interval valid at 1 - `level`.

    `alone`: what each decides at `level`; `decided`: at its share of it.
    """
    trails: list[tuple[Look, ...]] = [()] * len(found)
    for evidence, members in _by_evidence(found):
        ends, estimates, looks = evidence.intervals(level), evidence.estimates(), evidence.sample.looks
        for i, reading in members:
            own = np.column_stack((ends[reading.least, :, 0], ends[reading.greatest, :, 1]))
            if isinstance(reading.part.atom, Compare):
                own = _agreeing(reading.part.atom, own, alone[i], decided[i])
            mine = estimates[reading.least]
            if reading.part.censored:
                mine, own = _seen(reading), _endless(reading, own)
            last = decided[i]
            stop = len(looks) if last is None else last[0] + 1
            trails[i] = tuple(Look(looks[k], float(mine[k]), float(own[k, 0]), float(own[k, 1])) for k in range(stop))
    return trails


def last_looks(found: Sequence[Reading | None], decided: Sequence[Decision]) -> list[tuple[Look, ...]]:
    """The look at which every reading stands, with its estimate and without an interval."""
    last: list[tuple[Look, ...]] = [()] * len(found)
    for evidence, members in _by_evidence(found):
        estimates, looks = evidence.estimates(), evidence.sample.looks
        for i, reading in members:
            decision = decided[i]
            stop = len(looks) - 1 if decision is None else decision[0]
            mine = _seen(reading) if reading.part.censored else estimates[reading.least]
            last[i] = (Look(looks[stop], float(mine[stop]), np.nan, np.nan),)
    return last


def shifts(
    found: Sequence[Reading | None], level: float, decided: Sequence[Decision]
) -> list[tuple[float, float] | None]:
    """For decided comparisons of bounded values: the interval that holds if the effect shifts every unit alike."""
    shifts: list[tuple[float, float] | None] = [None] * len(found)
    for i, (reading, decision) in enumerate(zip(found, decided, strict=True)):
        if decision and reading and isinstance(reading.evidence, BoundedFlips) and not reading.part.censored:
            shifts[i] = reading.evidence.shift(reading.least, decision[0], level)
    return shifts


def _endless(reading: Reading, ends: np.ndarray) -> np.ndarray:
    """Ends beyond what was seen are nowhere, where nothing bounds a censored value; a mean then has no end at all."""
    part, data = reading.part, np.asarray(reading.part.values.values, float)
    below, above = part.extremes()
    seen = data[: len(below)]
    free = np.array([(below < seen).any(), (above > seen).any()]) & ~np.isfinite(part.method.bounds)
    far = np.column_stack((ends[:, 0] < seen.min(), ends[:, 1] > seen.max())) | (part.method.kind != "signs")
    return np.where(free & far, (-np.inf, np.inf), ends)


def _seen(reading: Reading) -> np.ndarray:
    """The estimates with censored values where they were seen last."""
    sample = reading.evidence.sample
    values = np.asarray(reading.part.values.values, float)[None, : sample.looks[-1]]
    one = Sample(values, sample.low[:1], sample.high[:1], sample.looks, sample.planned)
    return type(reading.evidence)(one).estimates()[0]  # pyright: ignore[reportCallIssue]


def _agreeing(atom: Compare, ends: np.ndarray, alone: Decision, decided: Decision) -> np.ndarray:
    """Intervals cut at the bound once the test has decided, and reaching it before: where they stem from another test.

    `alone`: what the test decides with the whole level to itself, as the interval has; `decided`: at its share of it.
    """
    found, start = ends.copy(), len(ends)
    for one in filter(None, (alone, decided)):
        start, above = min(start, one[0]), one[1] * atom.side > 0
        if above:
            found[one[0] :] = np.maximum(found[one[0] :], atom.bound)
        else:
            found[one[0] :] = np.minimum(found[one[0] :], atom.bound)
    found[:start, 0] = np.minimum(found[:start, 0], atom.bound)
    found[:start, 1] = np.maximum(found[:start, 1], atom.bound)
    return found


def _by_evidence(found: Sequence[Reading | None]) -> list[tuple[Evidence, list[tuple[int, Reading]]]]:
    groups: dict[int, tuple[Evidence, list[tuple[int, Reading]]]] = {}
    for i, reading in enumerate(found):
        if reading is not None:
            groups.setdefault(id(reading.evidence), (reading.evidence, []))[1].append((i, reading))
    return list(groups.values())
