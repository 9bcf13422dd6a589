"""What a batch leaves behind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store.columns import stored

Column = Sequence[Any] | np.ndarray

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=+-]{0,150}")


@dataclass(frozen=True)
class Finished:
    """The rows of one finished batch.

    `batch`: its name, and that of its file. `runs`: one row per unit. `records`, `items`: columns of equal length.
    `specs`: one row per task and learner. Columns that are left out are null; the names are those of `columns.stored`.
    """

    batch: str
    runs: Sequence[Mapping[str, Any]]
    records: Mapping[str, Column]
    items: Mapping[str, Column]
    specs: Sequence[Mapping[str, Any]]

    def tables(self) -> dict[str, dict[str, Column]]:
        """The rows as columns by table, checked; `HeldoutError` for what does not fit the store's columns."""
        if not NAME.fullmatch(self.batch):
            raise HeldoutError(f"batch {self.batch!r}: a name is made of letters, digits and ._=+- (at most 151)")
        found = {
            "specs": _columns(self.specs),
            "runs": _columns(self.runs),
            "records": dict(self.records),
            "items": dict(self.items),
        }
        for table, columns in found.items():
            self._check(table, columns)
            length = max((len(c) for c in columns.values()), default=0)
            columns["batch"] = [self.batch] * length
        return found

    def _check(self, table: str, columns: Mapping[str, Column]) -> None:
        unknown = sorted(set(columns) - set(stored(table)))
        if unknown:
            raise HeldoutError(f"batch {self.batch}: {table} has no column {unknown[0]!r}")
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            raise HeldoutError(f"batch {self.batch}: the columns of {table} differ in length: {lengths}")
        if table == "runs" and not columns:
            raise HeldoutError(f"batch {self.batch} has no run: a batch is written when some unit of it has ended")


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}
