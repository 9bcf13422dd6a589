"""The user's own table as a task."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.answer import graded
from heldout.tasks.interfaces import Batch, Loss, Questions
from heldout.tasks.tabular.columns import Column, read
from heldout.tasks.tabular.shift import Parts, parts

ROWS = 1_000_000
"""Rows that are read at most; of a larger table a sample spread over it."""

CLASSES = 50
"""Distinct whole numbers up to which a target is taken for classes."""


@dataclass(frozen=True, eq=False)
class Read:
    """The table in numbers. `inputs`: (n, features); `targets`: (n,) class numbers or float64; `classes`: their names."""

    names: tuple[str, ...]
    inputs: np.ndarray
    targets: np.ndarray
    classes: tuple[str, ...]
    parts: Parts


@dataclass(frozen=True)
class Table:
    """Rows of a file with features, a `target`, and a column along which they shift.

    A shift column of text (or of few numbers) names domains: each is asked about by a model fitted without it. Of times, later
    ones are asked about; of numbers, the tails. Numbers are given as they are (nan where a cell is empty), texts as the
    number of their place in sorted order. Classes score 1 where the answer is right; numbers score 1 less the squared error in
    variances of the training targets, whose mean is R squared.
    """

    path: Path
    target: str
    shift: str | None = None
    features: tuple[str, ...] = ()
    limit: int = 100_000

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    finite: ClassVar[bool] = True

    def __post_init__(self) -> None:
        known = read(self.path, ROWS)
        for name in (self.target, self.shift, *self.features):
            if name is not None and name not in known:
                raise HeldoutError(
                    f"{self.path.name} has no column {name!r}: it has {', '.join(map(repr, known))}"[:400]
                )

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.stem

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one per domain, era or tail."""
        return self._read.parts.splits

    @property
    def loss(self) -> Loss:
        """Cross entropy for classes, squared error for numbers."""
        return "cross entropy" if self._read.classes else "squared error"

    @property
    def bounds(self) -> tuple[float, float]:
        """Right or wrong; R squared has no lower end."""
        return (0.0, 1.0) if self._read.classes else (-np.inf, 1.0)

    @property
    def chance(self) -> float:
        """The share of the most frequent class in training; 0 for numbers, which is what the mean scores."""
        if not self._read.classes:
            return 0.0
        return float(np.bincount(self._read.targets[self._rows("train")]).max() / len(self._rows("train")))

    @property
    def inputs(self) -> tuple[int, ...]:
        """The number of features."""
        return (self._read.inputs.shape[1],)

    @property
    def outputs(self) -> int:
        """The number of classes; one number otherwise."""
        return max(len(self._read.classes), 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The features in the order in which a model is given them."""
        return self._read.names

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes in the order of their numbers; none for numbers."""
        return self._read.classes

    @property
    def folds(self) -> tuple[str, ...]:
        """The splits that need a model of their own, fitted without the rows that they ask about."""
        return tuple(self._read.parts.without)

    def training(self, key: Words, fold: str = "") -> Questions:  # noqa: ARG002
        """The rows to fit on; `fold`: the split whose rows must not be among them."""
        rows = self._rows("train")
        if fold:
            rows = np.setdiff1d(rows, self._read.parts.without[fold], assume_unique=True)
        return self._asked(rows)

    def by_domain(self, fold: str = "") -> tuple[Questions, ...]:
        """The same rows domain by domain, but for domains without any; all in one where the shift has no domains."""
        rows, without = self._rows("train"), self._read.parts.without
        found = [np.intersect1d(rows, mine, assume_unique=True) for name, mine in without.items() if name != fold]
        return tuple(self._asked(mine) for mine in found or [rows] if len(mine))

    def questions(self, split: Split, key: Words, n: int) -> Questions:
        """`n` rows of a split, or all."""
        rows = self._rows(split.name)
        return self._asked(rows if n >= len(rows) else key.generator().permutation(rows)[:n])

    def grade(self, batch: Batch, outputs: Any) -> np.ndarray:
        """1 or 0 for classes; 1 less the squared error in training variances for numbers."""
        if self._read.classes:
            return (np.asarray(outputs).argmax(-1) == batch.targets).astype(np.float64)
        variance = float(np.var(self._read.targets[self._rows("train")])) or 1.0
        return 1.0 - (np.asarray(outputs).reshape(len(batch.targets)) - batch.targets) ** 2 / variance

    def trials(self, model: Any, split: Split, key: Words, n: int) -> Outcomes:
        """Ask about the rows of a split, of the model that was fitted for it where there are several."""
        suited = model.fold(split.name) if hasattr(model, "fold") else model
        return graded(self, suited, self.questions(split, key, min(n, self.limit)))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some rows."""
        found = self.questions(split, key, n)
        rows = [", ".join(f"{c}={v:g}" for c, v in zip(self.names, row, strict=True)) for row in found.inputs]
        wanted = [self._read.classes[t] if self._read.classes else f"{t:g}" for t in found.targets]
        return [Sample(text[:400], answer) for text, answer in zip(rows, wanted, strict=True)]

    def oracle(self) -> None:
        """None."""

    @property
    def _read(self) -> Read:
        return _numbers(self, self.path.stat().st_mtime_ns)

    def _rows(self, split: str) -> np.ndarray:
        return self._read.parts.rows[split]

    def _asked(self, rows: np.ndarray) -> Questions:
        item = np.column_stack((np.full(len(rows), words("row").low), rows)).astype(np.uint32)
        return Questions(item, self._read.inputs[rows], self._read.targets[rows])


@lru_cache(maxsize=4)
def _numbers(table: Table, _modified: int) -> Read:
    """A table in numbers; rows without a target are left out."""
    known = read(table.path, ROWS)
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
    inputs = np.column_stack([_feature(known[n])[there] for n in names])
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
        names = tuple(f"{v:g}" if whole else str(v) for v in known)
        return np.searchsorted(known, values).astype(np.int32), names
    return values.astype(np.float64), ()


def _feature(column: Column) -> np.ndarray:
    if column.kind != "text":
        return column.values
    known = np.unique(column.values)
    codes = np.searchsorted(known, column.values).astype(np.float64)
    return np.where(column.values == "", np.nan, codes)
