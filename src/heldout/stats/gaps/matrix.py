"""Tables of finite numbers, checked once at the door."""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import sample


def matrix(values: Any, name: str, rows: int = 1, columns: int = 1) -> np.ndarray:
    """The values as a finite (units, columns) float array with at least so many of either; HeldoutError otherwise."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 2:
        raise HeldoutError(f"{name} have shape {array.shape}: give one row per unit and one column per level")
    if array.shape[0] < rows or array.shape[1] < columns:
        raise HeldoutError(
            f"{name} have shape {array.shape}, and this takes at least {rows} rows and {columns} columns"
        )
    bad = ~np.isfinite(array)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise HeldoutError(
            f"{name} hold {int(bad.sum())} values that are not finite (the first at row {row}, column {column}): "
            "leave the unit out on purpose or measure it"
        )
    return array


def rising(values: Any, columns: int) -> np.ndarray:
    """The levels of the columns: (columns,) strictly rising; HeldoutError otherwise."""
    levels = sample(values, "the levels")
    if len(levels) != columns:
        raise HeldoutError(f"{len(levels)} levels for {columns} columns of scores: give one level per column")
    if not (np.diff(levels) > 0).all():
        raise HeldoutError(
            f"the levels are {levels.tolist()}: sort the columns so that the levels rise without repeats"
        )
    return levels
