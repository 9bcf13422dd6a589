"""Records and items as columns, indexed by cell and metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

Columns = Mapping[str, np.ndarray]
NOTHING = np.empty(0, np.int64)
SIDES = ("left", "right")
RECORD = ("seed", "split", "step", "value")


@dataclass(frozen=True, eq=False)
class Coded:
    """The records of one cell and metric in the order of their steps, as numbers: (n,) `seed` and `split` index `seeds` and `splits`."""

    seeds: np.ndarray
    splits: tuple[str, ...]
    step: np.ndarray
    seed: np.ndarray
    split: np.ndarray
    value: np.ndarray

    @cached_property
    def steps(self) -> np.ndarray:
        """The steps that were recorded."""
        return np.unique(self.step)

    def table(self, names: Sequence[str], step: int | None = None) -> np.ndarray:
        """(names, seeds): a split's value of each seed at a step (None: at the last that it has), nan where there is none."""
        ends = slice(None) if step is None else slice(*(int(np.searchsorted(self.step, step, side)) for side in SIDES))
        place = {name: row for row, name in enumerate(names)}
        row = np.array([place.get(name, -1) for name in self.splits], np.intp)[self.split[ends]]
        found = np.full((len(names), len(self.seeds)), np.nan)
        kept = row >= 0
        found[row[kept], self.seed[ends][kept]] = self.value[ends][kept]
        return found

    def at(self, step: int) -> dict[str, np.ndarray]:
        """By the name of each split that has records at a step one number per seed, nan where there is none."""
        there = np.unique(self.split[slice(*(int(np.searchsorted(self.step, step, side)) for side in SIDES))])
        names = [self.splits[i] for i in there]
        return dict(zip(names, self.table(names, step), strict=True))


@dataclass(frozen=True, eq=False)
class Rows:
    """The records and items of some cells, as `Store.records` and `Store.items` give them."""

    records: Columns
    items: Columns

    @cached_property
    def _records_by(self) -> dict[tuple[str, str], np.ndarray]:
        return _index(self.records, ("cell", "probe"))

    @cached_property
    def _items_by(self) -> dict[tuple[str, str], np.ndarray]:
        return _index(self.items, ("cell", "split"))

    @cached_property
    def _coded(self) -> dict[tuple[str, str], Coded]:
        return {}

    @cached_property
    def _taken(self) -> dict[tuple[str, str], Columns]:
        return {}

    def of(self, cell: str, probe: str) -> Columns:
        """The records of one cell and metric: their seed, split, step and value; many measures ask for the same ones."""
        found = self._taken.get((cell, probe))
        if found is None:
            rows = self._records_by.get((cell, probe), NOTHING)
            found = self._taken[cell, probe] = {name: self.records[name][rows] for name in RECORD}
        return found

    def coded(self, cell: str, probe: str) -> Coded:
        """The same records by numbers; text is compared once."""
        found = self._coded.get((cell, probe))
        if found is None:
            columns = self.of(cell, probe)
            order = np.argsort(columns["step"], kind="stable")
            step, seed, split, value = (columns[name][order] for name in ("step", "seed", "split", "value"))
            seeds, at = np.unique(seed, return_inverse=True)
            row = codes(split)
            splits = tuple(str(split[i]) for i in np.unique(row, return_index=True)[1])
            found = self._coded[cell, probe] = Coded(seeds, splits, step, at, row, value)
        return found

    def answered(self, cell: str, split: str) -> Columns:
        """The items of one cell on one split."""
        rows = self._items_by.get((cell, split), NOTHING)
        return {name: column[rows] for name, column in self.items.items()}


def codes(column: np.ndarray) -> np.ndarray:
    """(n,) integers from 0 on, equal where the column's values are equal."""
    if column.dtype != object:
        return np.unique(column, return_inverse=True)[1].reshape(-1)
    values = column.tolist()
    known = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _index(columns: Columns, names: tuple[str, str]) -> dict[tuple[str, str], np.ndarray]:
    first, second = (columns[n] for n in names)
    if len(first) == 0:
        return {}
    found: dict[tuple[str, str], np.ndarray] = {}
    one, other = codes(first), codes(second)
    joint = one * (other.max() + 1) + other
    order = np.argsort(joint, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(joint[order])) + 1):
        found[str(first[rows[0]]), str(second[rows[0]])] = rows
    return found
