"""What in the user's own data lets a model look better than it is."""

import hashlib
from collections.abc import Iterator

import numpy as np

from heldout.core.seeds import words
from heldout.tasks.divided import Divided
from heldout.tasks.tabular.table import Table

DIGITS = 3
"""Significant digits to which rows are compared as near-duplicates."""


def leaks(data: Divided) -> Iterator[str]:
    """A sentence for each: a feature that tells the target, rows that stand in training and among those asked about."""
    key = words("leaks")
    train, asked = data.training(key), data.questions(next(s for s in data.splits if s.name == "iid"), key, 2**31)
    if not isinstance(data, Table):
        yield from _repeated(
            len(asked.targets), int(np.isin(_images(asked.inputs), _images(train.inputs)).sum()), "image", data
        )
        return
    yield from _copies(data, train.inputs, train.targets)
    known = _rows(train.inputs, train.targets)
    near = _rows(_rounded(train.inputs), train.targets)
    same = int(np.isin(_rows(asked.inputs, asked.targets), known).sum())
    alike = int(np.isin(_rows(_rounded(asked.inputs), asked.targets), near).sum()) - same
    n = len(asked.targets)
    yield from _repeated(n, same, "row", data)
    if alike > 0.01 * n:
        yield f"{alike:,} of {n:,} rows asked about (iid) differ from one in training by less than {DIGITS} digits"


def _repeated(n: int, same: int, what: str, data: Divided) -> Iterator[str]:
    if same:
        yield f"{same:,} of {n:,} {what}s asked about (iid) also stand in training: are {what}s repeated in {data.name}?"


def _images(images: np.ndarray) -> np.ndarray:
    """One value per image, equal for equal images."""
    return np.array([hashlib.sha256(np.ascontiguousarray(x).data).hexdigest() for x in images])


def _copies(table: Table, inputs: np.ndarray, targets: np.ndarray) -> Iterator[str]:
    for name, column in zip(table.names, inputs.T, strict=True):
        there = ~np.isnan(column)
        if there.sum() < 10:
            continue
        x, y = column[there], targets[there].astype(float)
        if table.classes:
            told = len(np.unique(x)) == len(np.unique(y)) == len(np.unique(np.column_stack((x, y)), axis=0))
        else:
            told = x.std() > 0 and y.std() > 0 and abs(float(np.corrcoef(x, y)[0, 1])) > 1 - 1e-9
        if told:
            yield f"the feature {name!r} tells the target {table.target!r} exactly: leave it out with --features"


def _rounded(inputs: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = 10.0 ** (np.floor(np.log10(np.abs(inputs))) - DIGITS + 1)
    size = np.where(np.isfinite(size) & (size > 0), size, 1.0)
    return np.round(inputs / size) * size


def _rows(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """One value per row, equal for equal rows (nan equals nan)."""
    whole = np.ascontiguousarray(np.column_stack((np.nan_to_num(inputs, nan=1e300), targets)) + 0.0)
    return whole.view(np.dtype((np.void, whole.dtype.itemsize * whole.shape[1]))).reshape(-1)
