"""The score table: every cell and metric on every split, group and axis, with its interval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from heldout.core.cell import Cell
from heldout.core.result import ScoreRow
from heldout.core.split import Split
from heldout.measures.rows import Columns, Rows
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

    def value(self, table: dict[str, np.ndarray]) -> np.ndarray | None:
        """(units,) values at this place, nan where a unit lacks a split; None where nothing was measured."""
        weight = weights(self.splits)
        if not all(name in table for name in weight):
            return None
        columns = np.array([table[n] for n in weight])
        return columns.min(axis=0) if self.lowest else np.array(list(weight.values())) @ columns


def score_rows(cells: Sequence[Cell], rows: Rows, probes: Sequence[str]) -> tuple[ScoreRow, ...]:
    """Means over units with 95% intervals, at every recorded step.

    The intervals describe each number alone; claims are judged by their own methods.
    """
    return tuple(
        row
        for cell in cells
        for probe in probes
        for step, table in _tables(cell, rows, probe)
        for place in places(cell.task.splits)
        for row in _row(cell, place, (probe, step), place.value(table), _bounds(cell, probe))
    )


def gap_rows(cells: Sequence[Cell], rows: Rows) -> tuple[ScoreRow, ...]:
    """Per cell and axis the score on iid instances minus the score on the axis, unit by unit, at the last step."""
    found: list[ScoreRow] = []
    for cell in cells:
        iid = next((Place(s.name, None, None, None, (s,)) for s in cell.task.splits if s.name == "iid"), None)
        tables = list(_tables(cell, rows, "score"))
        if iid is None or not tables:
            continue
        step, table = tables[-1]
        low, high = cell.task.bounds
        for place in places(cell.task.splits):
            shifted, clean = place.value(table), iid.value(table)
            if place.name == place.axis and place.group is None and place.level is None and shifted is not None:
                gap = None if clean is None else clean - shifted
                found += _row(cell, place, ("score", step), gap, (low - high, high - low))
    return tuple(found)


def _bounds(cell: Cell, probe: str) -> tuple[float, float]:
    return cell.task.bounds if probe == "score" else (-np.inf, np.inf)


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


def _tables(cell: Cell, rows: Rows, probe: str) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """(step, numbers per unit by split name) for every recorded step."""
    found = rows.of(cell.digest, probe)
    for step in np.unique(found.get("step", ())):
        if cell.unit == "item" and probe == "score":
            yield int(step), _per_item(cell, rows)
        else:
            here = found["step"] == step
            yield int(step), _per_seed({name: found[name][here] for name in ("seed", "split", "value")})


def _per_seed(found: Columns) -> dict[str, np.ndarray]:
    """Per split name one number per seed, nan where there is none."""
    units, at = np.unique(found["seed"], return_inverse=True)
    table = {}
    for name in dict.fromkeys(found["split"]):
        here = found["split"] == name
        column = np.full(len(units), np.nan)
        column[at[here]] = found["value"][here]
        table[str(name)] = column
    return table


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


def _row(
    cell: Cell, place: Place, what: tuple[str, int], values: np.ndarray | None, bounds: tuple[float, float]
) -> Iterator[ScoreRow]:
    """One row, or none where nothing was measured."""
    values = np.empty(0) if values is None else values[~np.isnan(values)]
    if not len(values):
        return
    mean, (low, high) = float(values.mean()), interval(values, bounds)
    who = (cell.task.name, cell.learner.name, cell.config)
    where = (place.name, place.axis, place.group, place.level)
    yield ScoreRow(*who, *where, *what, mean, low, high, len(values), cell.unit)


@lru_cache(maxsize=256)
def _t(n: int) -> float:
    return float(stdtrit(n - 1, 0.975))


def interval(values: np.ndarray, bounds: tuple[float, float]) -> tuple[float, float]:
    """A 95% interval for the mean of (n,) values: Wilson's (1927) for 0/1 values, else t, cut at the bounds.

    nan for a single value.
    """
    n, mean = len(values), float(values.mean())
    if n < 2:
        return float("nan"), float("nan")
    if bounds == (0.0, 1.0) and n >= 10 and np.isin(values, (0.0, 1.0)).all():
        z = 1.959963984540054
        middle, half = mean + z * z / (2 * n), z * float(np.sqrt(mean * (1 - mean) / n + z * z / (4 * n * n)))
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    half = _t(n) * float(values.std(ddof=1)) / float(np.sqrt(n))
    return max(mean - half, bounds[0]), min(mean + half, bounds[1])
