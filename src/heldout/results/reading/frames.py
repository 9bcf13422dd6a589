"""Tables in memory: pandas, polars, Arrow, a dict of columns, or arrays by system as rliable takes them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import ROLES, plain


def columns_of(frame: Any) -> dict[str, Any]:
    """The columns of a frame by name. `{system: (runs, tasks)}` becomes columns system, run, task and score.

    Whatever has `columns` and gives a column by name is read (pandas, polars), and whatever has `column_names` and
    `column` (Arrow); nothing is imported for it.
    """
    if isinstance(frame, Mapping):
        arrays = {str(k): np.asarray(v) for k, v in frame.items()}
        by_system = any(a.ndim > 1 for a in arrays.values()) or not _has_names(arrays)
        return _by_system(arrays) if by_system else dict(arrays)
    if hasattr(frame, "column_names") and hasattr(frame, "column"):
        return {str(n): _numpy(frame.column(n)) for n in frame.column_names}
    if hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        if twice := [str(n) for i, n in enumerate(frame.columns) if n in list(frame.columns)[:i]]:
            raise HeldoutError(f"several columns are called {twice[0]!r}: give each a name of its own")
        return {str(n): _numpy(frame[n]) for n in frame.columns}
    raise HeldoutError(
        f"cannot read a {type(frame).__name__}: pass a data frame, an Arrow table, a dict of columns, "
        "or a dict of (runs, tasks) arrays by system"
    )


def _numpy(column: Any) -> np.ndarray:
    """A column as an array; missing texts are None."""
    for words in ({"zero_copy_only": False}, {}):
        try:
            return np.asarray(column.to_numpy(**words))
        except (TypeError, AttributeError):
            continue
    return np.asarray(list(column), object)


def _has_names(arrays: Mapping[str, np.ndarray]) -> bool:
    """Whether some key is a usual name of a column and some column holds texts: else the keys are systems."""
    usual = {plain(name) for name in arrays} & {
        word for role in ("system", "score", "run", "task", "item") for word in ROLES[role]
    }
    return bool(usual) or any(a.dtype.kind in "OUST" for a in arrays.values())


def _by_system(arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Arrays (runs,), or (runs, tasks), by system, as long columns; systems may have different numbers of runs."""
    parts: dict[str, list[np.ndarray]] = {"system": [], "task": [], "run": [], "score": []}
    tasks = {a.shape[1] for a in arrays.values() if a.ndim == 2}
    wrong = [name for name, a in arrays.items() if a.ndim not in (1, 2) or a.dtype.kind not in "iufb"]
    if wrong or len(tasks) > 1:
        what = f"{wrong[0]!r}" if wrong else f"numbers of tasks {sorted(tasks)}"
        raise HeldoutError(
            f"arrays by system must be numbers of shape (runs, tasks), with the same tasks for all: {what}"
        )
    for name, array in arrays.items():
        table = array.astype(float)[:, None] if array.ndim == 1 else array.astype(float)
        runs, width = table.shape
        parts["system"].append(np.full(runs * width, name, object))
        parts["task"].append(np.tile(np.array([f"task {i}" for i in range(width)], object), runs))
        parts["run"].append(np.repeat(np.arange(runs), width))
        parts["score"].append(table.ravel())
    return {role: np.concatenate(values) for role, values in parts.items()}
