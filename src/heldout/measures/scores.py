"""A probe's value per unit: on a split, over an axis, or at its worst level."""

from collections.abc import Iterator

import numpy as np

from heldout.core.cell import Cell, asked
from heldout.core.errors import HeldoutError
from heldout.core.measure import AtBest, AtLast, AtStep, Score
from heldout.core.split import Split, select
from heldout.core.values import Values
from heldout.measures.rows import Coded, Columns, Rows


def scores(leaf: Score, rows: Rows) -> Values:
    """One number per seed (or per item, for learners that never train)."""
    config, step = chosen(leaf, rows)
    cell = asked(leaf)[config]
    splits = select(cell.task.splits, leaf.where)
    if cell.unit == "item":
        return _per_item(cell, splits, rows)
    return _per_seed(rows.coded(cell.digest, leaf.probe), step, splits, lowest=leaf.lowest)


def chosen(leaf: Score, rows: Rows) -> tuple[int, int | None]:
    """The (index of the configuration, step) that the leaf speaks of; step None: no choice to make.

    `best` takes the highest mean over seeds; of equals the earlier step, then the earlier configuration.
    """
    options = list(asked(leaf))
    if not isinstance(leaf.at, AtBest):
        if len(options) > 1:
            raise HeldoutError(f"`{leaf.text}`: a sweep has {len(options)} configurations; say at=best('iid')")
        return 0, _step(leaf, options[0], rows)
    ranked = [choice for index, cell in enumerate(options) for choice in _choices(leaf, leaf.at, cell, index, rows)]
    _, step, index = min(ranked, default=(0.0, None, 0))
    return index, step


def _choices(leaf: Score, at: AtBest, cell: Cell, index: int, rows: Rows) -> Iterator[tuple[float, int, int]]:
    """(minus the mean over seeds, step, index) at every recorded step of one configuration."""
    found, splits = rows.coded(cell.digest, leaf.probe), select(cell.task.splits, at.where)
    for step in found.steps.tolist():
        values = _per_seed(found, step, splits).values
        if len(values):
            yield -float(values.mean()), step, index


def _step(leaf: Score, cell: Cell, rows: Rows) -> int | None:
    if isinstance(leaf.at, AtStep):
        return leaf.at.step
    steps = rows.coded(cell.digest, leaf.probe).step
    return int(steps[-1]) if isinstance(leaf.at, AtLast) and len(steps) else None


def weights(splits: tuple[Split, ...]) -> dict[str, float]:
    """The weight of each split in the mean over an axis: groups equally, levels equally within a group."""
    groups: dict[str | None, int] = {}
    for split in splits:
        groups[split.group] = groups.get(split.group, 0) + 1
    return {s.name: 1.0 / (len(groups) * groups[s.group]) for s in splits}


def _per_seed(found: Coded, step: int | None, splits: tuple[Split, ...], *, lowest: bool = False) -> Values:
    """Seeds that have a record on every one of the splits."""
    weight = weights(splits)
    table = found.table(tuple(weight), step)
    whole = ~np.isnan(table).any(axis=0)
    table = table[:, whole]
    values = table.min(axis=0) if lowest else np.array(list(weight.values())) @ table
    return Values(found.seeds[whole].astype(np.int64), values)


def _per_item(cell: Cell, splits: tuple[Split, ...], rows: Rows) -> Values:
    """Items at the same place in every split's sequence form one unit; samples of one item are averaged."""
    weight = weights(splits)
    columns = [item_means(rows.answered(cell.digest, name)) for name in weight]
    units = columns[0][0]
    for places, _ in columns[1:]:
        units = np.intersect1d(units, places)
    table = np.array([values[np.isin(places, units)] for places, values in columns]).reshape(len(splits), len(units))
    whole = ~np.isnan(table).any(axis=0)
    values = np.array(list(weight.values())) @ table
    return Values(units[whole], values[whole], "item", failed=int((~whole).sum()))


def item_means(found: Columns) -> tuple[np.ndarray, np.ndarray]:
    """The places of the items in their split's sequence, and each item's mean over its samples."""
    if not found or not len(found["position"]):
        return np.empty(0, np.int64), np.empty(0)
    places, at = np.unique(found["position"].astype(np.int64), return_inverse=True)
    return places, np.bincount(at, found["value"].astype(float)) / np.bincount(at)
