"""The user's own table as a task."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import Split
from heldout.core.task import Sample
from heldout.tasks.divided import Divided, Read
from heldout.tasks.tabular import columns
from heldout.tasks.tabular.columns import Column
from heldout.tasks.tabular.shift import parts, shown

ROWS = 1_000_000
"""Rows that are read at most; of a larger table a sample spread over it."""

CLASSES = 50
"""Distinct whole numbers up to which a target is taken for classes."""


@dataclass(frozen=True)
class Table(Divided):
    """Rows of a file with features, a `target`, and a column along which they shift.

    A shift column of text (or of few numbers) names domains: each is asked about by a model fitted without it. Of times, later
    ones are asked about; of numbers, the tails. Numbers are given as they are (nan where a cell is empty), texts as the
    number of their place in sorted order. `guessed`: the one feature holds predictions of the target, given as its class numbers.
    """

    path: Path
    target: str
    shift: str | None = None
    features: tuple[str, ...] = ()
    limit: int = 100_000
    guessed: bool = False

    def __post_init__(self) -> None:
        known = columns.read(self.path, ROWS)
        for name in (self.target, self.shift, *self.features):
            if name is not None and name not in known:
                raise HeldoutError(
                    f"{self.path.name} has no column {name!r}: it has {', '.join(map(repr, known))}"[:400]
                )
        if self.shift in ("train", "iid"):
            raise HeldoutError(f"the column {self.shift!r} has the name of a split: rename it in {self.path.name}")
        if self.shift == self.target:
            raise HeldoutError(
                f"{self.target!r} is what is to be predicted: nothing shifts along it; name another --shift"
            )

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.stem

    @property
    def read(self) -> Read:
        """The table in numbers, read once as long as the file does not change."""
        return _numbers(self, self.path.stat().st_mtime_ns)

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some rows."""
        found = self.questions(split, key, n)
        rows = [", ".join(f"{c}={v:g}" for c, v in zip(self.names, row, strict=True)) for row in found.inputs]
        wanted = [self.read.classes[t] if self.read.classes else f"{t:g}" for t in found.targets]
        return [Sample(text[:400], answer) for text, answer in zip(rows, wanted, strict=True)]


@lru_cache(maxsize=4)
def _numbers(table: Table, _modified: int) -> Read:
    """A table in numbers; rows without a target are left out."""
    known = columns.read(table.path, ROWS)
    target = known[table.target]
    there = target.values != "" if target.kind == "text" else ~np.isnan(target.values)
    if there.sum() < 20:
        raise HeldoutError(
            f"{table.path.name}: {int(there.sum())} rows have a value of {table.target!r}: 20 are needed"
        )
    targets, classes = _target(target, there)
    names = table.features or tuple(n for n in known if n not in (table.target, table.shift))
    if not names:
        raise HeldoutError(f"{table.path.name} has no feature beside {table.target!r} and {table.shift!r}")
    guessed = table.guessed and classes
    inputs = np.column_stack(
        [_guesses(known[n], target)[there] if guessed else _feature(known[n])[there] for n in names]
    )
    shift = None
    if table.shift is not None:
        column = known[table.shift]
        shift = Column(column.name, column.kind, column.values[there])
    made = parts(shift, int(there.sum()), words(digest((table.target, table.shift)), "rows").generator())
    return Read(names, inputs, targets, classes, made)


def _target(column: Column, there: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    values = column.values[there]
    known = np.unique(values)
    if len(known) < 2:
        raise HeldoutError(f"the target {column.name!r} has one value: nothing to predict")
    whole = column.kind == "number" and len(known) <= CLASSES and bool((known == np.round(known)).all())
    if column.kind == "text" and len(known) > 1000:
        raise HeldoutError(f"the target {column.name!r} has {len(known):,} different texts: is it the right column?")
    if column.kind == "text" or whole:
        names = tuple(shown(v) if whole else str(v) for v in known)
        return np.searchsorted(known, values).astype(np.int32), names
    return values.astype(np.float64), ()


def _guesses(column: Column, target: Column) -> np.ndarray:
    """(rows,) class numbers of predicted classes; nan where a cell is empty or names no class of the target."""
    known = np.unique(
        target.values[target.values != ""] if target.kind == "text" else target.values[~np.isnan(target.values)]
    )
    if column.kind != target.kind:
        raise HeldoutError(
            f"the predictions {column.name!r} are {column.kind}s and the target {target.name!r} holds {target.kind}s: give classes as the target has them"
        )
    place = np.minimum(np.searchsorted(known, column.values), len(known) - 1)
    right = known[place] == column.values
    if (
        column.kind == "number"
        and (odd := column.values[~right & (column.values != np.round(column.values)) & ~np.isnan(column.values)]).size
    ):
        raise HeldoutError(f"the prediction {odd[0]:g} in {column.name!r} is no class: give classes, not probabilities")
    return np.where(right, place, np.nan)


def _feature(column: Column) -> np.ndarray:
    if column.kind != "text":
        return column.values
    known = np.unique(column.values)
    codes = np.searchsorted(known, column.values).astype(np.float64)
    return np.where(column.values == "", np.nan, codes)
