"""The score table: every cell and metric on every split, group and axis, with its interval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np
from scipy.special import stdtrit

from heldout.core.cell import Cell
from heldout.core.result import ScoreRow
from heldout.core.split import Split
from heldout.core.values import Unit
from heldout.measures.rows import Rows
from heldout.measures.scores import item_means, weights


@dataclass(frozen=True)
class Place:
    """What a row of the table is about: a split, a group of an axis, a level of an axis, an axis, or the worst split."""

    name: str
    axis: str | None
    group: str | None
    level: float | None
    splits: tuple[Split, ...]
    lowest: bool = False


@dataclass(frozen=True, eq=False)
class Block:
    """Numbers of one cell: of `metric` at `step`, `places` times units."""

    cell: Cell
    metric: str
    step: int
    places: Sequence[Place]
    values: np.ndarray
    bounds: tuple[float, float]


def table(
    cells: Sequence[Cell], rows: Rows, metrics: Sequence[str]
) -> tuple[tuple[ScoreRow, ...], tuple[ScoreRow, ...]]:
    """The score table and the gaps.

    Scores: means over units with 95% intervals, at every recorded step. Gaps: per cell and axis the score on iid instances
    minus the score on the axis, unit by unit, at the last step. The intervals describe each number alone; claims are judged
    by their own methods.
    """
    found = [b for cell in cells for metric in metrics for b in _blocks(cell, rows, metric)]
    last = {b.cell.digest: b for b in found if b.metric == "score"}
    return _rows(found), _rows([gap for b in last.values() if (gap := _gap(b)) is not None])


def _blocks(cell: Cell, rows: Rows, metric: str) -> Iterator[Block]:
    bounds = cell.task.bounds if metric == "score" else (-np.inf, np.inf)
    for step, numbers in _tables(cell, rows, metric):
        yield Block(cell, metric, step, *_at(cell.task.splits, numbers, items=cell.unit == "item"), bounds)


def _gap(block: Block) -> Block | None:
    """The gap of every axis; none where there is no iid split."""
    kept, values, (low, high) = block.places, block.values, block.bounds
    clean = next((v for p, v in zip(kept, values, strict=True) if p.name == "iid"), None)
    if clean is None:
        return None
    whole = [i for i, p in enumerate(kept) if p.name == p.axis and p.group is None and p.level is None]
    return replace(
        block, places=[kept[i] for i in whole], values=clean - values[whole], bounds=(low - high, high - low)
    )


@dataclass(frozen=True, eq=False)
class Plan:
    """Every place of some splits; `weights`: (places, splits), whose products with scores are the places' means."""

    places: tuple[Place, ...]
    weights: np.ndarray


@lru_cache(maxsize=64)
def plan(splits: tuple[Split, ...]) -> Plan:
    """The places of these splits: every split; per axis its groups and levels, its mean, and its worst split."""
    found = places(splits)
    names = {s.name: i for i, s in enumerate(splits)}
    matrix = np.zeros((len(found), len(splits)))
    for row, place in zip(matrix, found, strict=True):
        for name, weight in weights(place.splits).items():
            row[names[name]] = weight
    return Plan(found, matrix)


def places(splits: Sequence[Split]) -> tuple[Place, ...]:
    """Every split; per axis its groups and its levels where there are several of each, its mean, and its worst split."""
    found = [Place(s.name, s.axis, s.group, s.level, (s,)) for s in splits]
    for axis in dict.fromkeys(s.axis for s in splits if s.axis is not None):
        mine = tuple(s for s in splits if s.axis == axis)
        groups, levels = {s.group for s in mine}, sorted({s.level for s in mine if s.level is not None})
        if len(groups) > 1:
            found += [
                Place(axis, axis, g, None, tuple(s for s in mine if s.group == g))
                for g in dict.fromkeys(s.group for s in mine)
                if g is not None
            ]
            found += [Place(axis, axis, None, v, tuple(s for s in mine if s.level == v)) for v in levels]
        found += [Place(axis, axis, None, None, mine), Place("worst", axis, None, None, mine, lowest=True)]
    return tuple(found)


def _at(splits: Sequence[Split], table: dict[str, np.ndarray], *, items: bool) -> tuple[list[Place], np.ndarray]:
    """The places all of whose splits were measured, and their values: (places, units), nan where a unit lacks a split.

    The worst split is each seed's own. Of items, which are others on every split, it is that with the lowest mean.
    """
    planned = plan(tuple(splits))
    there = np.array([s.name in table for s in splits])
    if not there.any():
        return [], np.empty((0, 0))
    kept = np.flatnonzero(~(planned.weights[:, ~there] > 0).any(axis=1))
    columns = np.array([table[s.name] for s, here in zip(splits, there, strict=True) if here])
    matrix = planned.weights[np.ix_(kept, there)]
    missing = np.isnan(columns)
    values = matrix @ np.where(missing, 0.0, columns)
    if missing.any():
        values[matrix @ missing > 0] = np.nan
    for row, index in enumerate(kept):
        if planned.places[index].lowest:
            mine = columns[matrix[row] > 0]
            values[row] = _lowest(mine) if items else mine.min(axis=0)
    return [planned.places[i] for i in kept], values


def _lowest(columns: np.ndarray) -> np.ndarray:
    """That of the (splits, items) numbers whose mean is lowest, nan left out."""
    there = ~np.isnan(columns)
    sums, counts = np.where(there, columns, 0.0).sum(axis=1), there.sum(axis=1)
    return columns[np.where(counts > 0, sums / np.maximum(counts, 1), np.inf).argmin()]


def _tables(cell: Cell, rows: Rows, probe: str) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """(step, numbers per unit by split name) for every recorded step."""
    found = rows.coded(cell.digest, probe)
    for step in found.steps.tolist():
        yield step, _per_item(cell, rows) if cell.unit == "item" and probe == "score" else found.at(step)


def _per_item(cell: Cell, rows: Rows) -> dict[str, np.ndarray]:
    """Per split name one number per item, nan where there is none."""
    means = {s.name: item_means(rows.answered(cell.digest, s.name)) for s in cell.task.splits}
    length = max((int(at.max()) + 1 for at, _ in means.values() if len(at)), default=0)
    table = {}
    for name, (at, values) in means.items():
        if len(at):
            table[name] = np.full(length, np.nan)
            table[name][at] = values
    return table


def _rows(blocks: Sequence[Block]) -> tuple[ScoreRow, ...]:
    """One row for every place where a unit was measured. Intervals of equal numbers of units are worked out together."""
    together: dict[tuple[int, tuple[float, float], Unit], list[int]] = {}
    for i, block in enumerate(blocks):
        together.setdefault((block.values.shape[1], block.bounds, block.cell.unit), []).append(i)
    ends: dict[int, list[list[float]]] = {}
    for (_, bounds, unit), members in together.items():
        every = iter(intervals(np.concatenate([blocks[i].values for i in members]), bounds, unit).tolist())
        ends |= {i: list(islice(every, len(blocks[i].values))) for i in members}
    return tuple(
        ScoreRow(
            b.cell.task.name,
            b.cell.learner.name,
            b.cell.config,
            p.name,
            p.axis,
            p.group,
            p.level,
            b.metric,
            b.step,
            mean,
            low,
            high,
            int(n),
            b.cell.unit,
        )
        for i, b in enumerate(blocks)
        for p, (mean, low, high, n) in zip(b.places, ends[i], strict=True)
        if n
    )


@lru_cache(maxsize=256)
def _t(n: int) -> float:
    return float(stdtrit(n - 1, 0.975))


def interval(values: np.ndarray, bounds: tuple[float, float], unit: Unit) -> tuple[float, float]:
    """A 95% interval for the mean of (n,) values; see `intervals`."""
    _, low, high, _ = intervals(values[None, :], bounds, unit)[0]
    return float(low), float(high)


def intervals(values: np.ndarray, bounds: tuple[float, float], unit: Unit) -> np.ndarray:
    """Mean, ends of its 95% interval and number of units for each row of (rows, units) values, nan left out: (rows, 4).

    Wilson's interval (1927) for ten items and more that are all 0 or 1, else Student's t, cut at the bounds; nan for a
    single value.
    """
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    filled = np.where(there, values, 0.0)
    mean = filled.sum(axis=1) / np.maximum(n, 1)
    off = np.where(there, values - mean[:, None], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((off * off).sum(axis=1) / (n - 1.0))
        half = np.array([_t(int(k)) if k > 1 else np.nan for k in n]) * spread / np.sqrt(n)
    low, high = np.maximum(mean - half, bounds[0]), np.minimum(mean + half, bounds[1])
    shares = (n >= 10) & ((filled == 0) | (filled == 1)).all(axis=1)
    if unit == "item" and bounds == (0.0, 1.0) and shares.any():
        low[shares], high[shares] = _wilson(mean[shares], n[shares])
    return np.column_stack((mean, low, high, n))


def _wilson(mean: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    z = 1.959963984540054
    middle, half = mean + z * z / (2 * n), z * np.sqrt(mean * (1 - mean) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
