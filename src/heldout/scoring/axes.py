"""Where a model breaks: per shift its score, what it lost, its worst split and the level at which half of it is gone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core import At, score
from heldout.core.cell import Cell, grid
from heldout.core.study import Study
from heldout.lab import rows
from heldout.measures import Rows, evaluate
from heldout.measures.table import interval
from heldout.stats.finding import Interval
from heldout.stats.gaps.halving import of_mean
from heldout.stats.gaps.ordering import Ordering, ordering
from heldout.store import Store

LEAST = 6
"""Units from which an order of shifts is tested: fewer cannot show anything."""


@dataclass(frozen=True)
class Axis:
    """One shift of one learner.

    `score`, `gap`: means over its levels, iid less them. `worst`: its worst split, and the score there. `halves`: the level at
    which the height above chance is half of that on iid instances (infinite: it never is; equal to the first level: there or
    before), None where levels have no order. `parts`: its splits where levels have no order.
    """

    name: str
    score: Interval
    gap: Interval
    worst: tuple[str, float]
    halves: Interval | None
    levels: tuple[float, ...]
    parts: tuple[tuple[str, Interval], ...] = ()


@dataclass(frozen=True)
class Breaking:
    """One learner: its iid score and every shift. `order`: which hurts most, None for a single shift or too few units."""

    learner: str
    unit: str
    n: int
    iid: Interval
    axes: tuple[Axis, ...]
    order: Ordering | None


def breaking(study: Study, store: Store) -> tuple[Breaking, ...]:
    """Every learner of a study with one task, as far as the store has it."""
    cells = [c for c in grid(study) if c.learner in tuple(study.learners)]
    found = rows(study, cells, store)
    return tuple(_learner(cell, found) for cell in cells)


def _learner(cell: Cell, found: Rows) -> Breaking:
    def values(where: Any) -> np.ndarray:
        every = evaluate(score(cell.task, cell.learner, where), found).values
        return every[:1] if alike else every

    alike = False
    names = dict.fromkeys(s.axis for s in cell.task.splits if s.axis)
    if cell.unit == "seed":  # fits that never differ are one fit, however often it is repeated
        alike = all(_same(v) for where in ("iid", *names) if len(v := values(where)))
    iid = values("iid")
    axes = tuple(_axis(cell, name, iid, values) for name in names)
    gaps = [iid - shifted for name in names if len(shifted := values(name)) == len(iid)]
    order = ordering(np.array(gaps).T) if len(gaps) == len(names) > 1 and len(iid) >= LEAST else None
    return Breaking(cell.learner.name, cell.unit, len(iid), _mean(iid, cell), axes, order)


def _same(values: np.ndarray) -> bool:
    """Whether means are one number, but for the order in which their parts were added."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def _axis(cell: Cell, name: str, iid: np.ndarray, values: Any) -> Axis:
    shifted, low, high = values(name), *cell.task.bounds
    splits = [s for s in cell.task.splits if s.axis == name]
    worst = min(((s.name, float(values(s.name).mean())) for s in splits), key=lambda pair: pair[1])
    levels = tuple(sorted({s.level for s in splits if s.level is not None}))
    separate = cell.unit == "item" and not levels  # domains have different items, and different numbers of them
    mean = _together([values(s.name) for s in splits]) if separate else _mean(shifted, cell)
    gap = iid.mean() - mean.estimate if separate or len(iid) != len(shifted) else iid - shifted
    return Axis(
        name,
        mean,
        _mean(np.atleast_1d(gap), cell, (low - high, high - low)),
        worst,
        _halves(iid, [values(At(name, level)) for level in levels], levels, cell.task.chance),
        levels,
        () if levels else tuple((s.name, _mean(values(s.name), cell)) for s in splits),
    )


def _halves(
    iid: np.ndarray, columns: Sequence[np.ndarray], levels: tuple[float, ...], chance: float
) -> Interval | None:
    if len(levels) < 2 or any(len(c) != len(iid) for c in columns) or len(iid) < 2:
        return None
    before = levels[0] - 1e-6 * (
        levels[-1] - levels[0]
    )  # nobody knows the level of iid instances: just before the first
    found = of_mean(np.column_stack((iid, *columns)), (before, *levels), floor=chance).at
    return Interval(*(max(x, levels[0]) for x in (found.estimate, found.low, found.high)))


def _together(columns: Sequence[np.ndarray]) -> Interval:
    """The mean of the means of separate samples, each counting alike, with a normal interval."""
    middle = float(np.mean([c.mean() for c in columns]))
    half = 1.96 * math.sqrt(sum(c.var(ddof=1) / len(c) for c in columns if len(c) > 1)) / len(columns)
    return Interval(middle, middle - half, middle + half)


def _mean(values: np.ndarray, cell: Cell, bounds: tuple[float, float] | None = None) -> Interval:
    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    return Interval(float(values.mean()), *interval(values, bounds or cell.task.bounds, cell.unit))
