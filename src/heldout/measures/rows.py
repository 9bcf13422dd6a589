"""Records and items as columns, indexed by cell and metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

Columns = Mapping[str, np.ndarray]
NOTHING = np.empty(0, np.int64)
RECORD = ("seed", "split", "step", "value")


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
    def _taken(self) -> dict[tuple[str, str], Columns]:
        return {}

    def of(self, cell: str, probe: str) -> Columns:
        """The records of one cell and metric: their seed, split, step and value; many measures ask for the same ones."""
        found = self._taken.get((cell, probe))
        if found is None:
            rows = self._records_by.get((cell, probe), NOTHING)
            found = self._taken[cell, probe] = {name: self.records[name][rows] for name in RECORD}
        return found

    def answered(self, cell: str, split: str) -> Columns:
        """The items of one cell on one split."""
        rows = self._items_by.get((cell, split), NOTHING)
        return {name: column[rows] for name, column in self.items.items()}


def codes(column: np.ndarray) -> np.ndarray:
    """(n,) integers, equal where the column's values are equal."""
    return np.unique(column.astype(str) if column.dtype == object else column, return_inverse=True)[1].reshape(-1)


def _index(columns: Columns, names: tuple[str, str]) -> dict[tuple[str, str], np.ndarray]:
    first, second = (columns[n] for n in names)
    if len(first) == 0:
        return {}
    found: dict[tuple[str, str], np.ndarray] = {}
    joint = codes(first) * (codes(second).max() + 1) + codes(second)
    order = np.argsort(joint, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(joint[order])) + 1):
        found[str(first[rows[0]]), str(second[rows[0]])] = rows
    return found
