"""Rows of items as an array of systems and items."""

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import plain, shown
from heldout.results.reading.repairs import Said
from heldout.results.reading.rows import Rows
from heldout.results.reading.runs import SHARED, most, shared
from heldout.results.table import Crossed, Items

MOST_CROSSED = 20_000_000
"""Cells of system, item, seed and prompt beyond which they are not told apart."""


def arrange(rows: Rows, run_column: str, said: Said) -> tuple[Items, np.ndarray, bool]:
    """The items, the task means (systems, repeats, tasks) and whether repeats are paired by their number."""
    systems, tasks = len(rows.names["system"]), len(rows.names.get("task", ("",)))
    task = rows.codes.get("task", np.zeros(len(rows.score), np.int32))
    index, of_task, of_name = _items(rows, task, tasks)
    items = len(of_task)
    if systems * items > most(rows):
        raise HeldoutError(f"{systems:,} systems and {items:,} items make too large a table: compare fewer at a time")
    valid = ~np.isnan(rows.score)
    if rows.n is not None:
        valid &= rows.n > 0
    weight = None if rows.n is None else rows.n[valid]
    flat = rows.codes["system"][valid].astype(np.int64) * items + index[valid]
    score = rows.score[valid]
    counts = np.bincount(flat, weight, minlength=systems * items)
    total = np.bincount(flat, score if weight is None else score * weight, minlength=systems * items)
    del flat, score
    with np.errstate(invalid="ignore"):
        total /= counts  # in place, as large tables are; 0 / 0 is no outcome, NaN
    repeats = counts.astype(np.int32).reshape(systems, items)
    del counts
    cluster = _cluster(rows, index, items)
    names = tuple(np.array(rows.names["item"], object)[of_name].tolist())
    crossed = _crossed(rows, run_column, index, items)
    found = Items(total.reshape(systems, items), repeats, of_task, cluster, names, crossed)
    by_run, paired = _by_run(rows, task, tasks, run_column, valid)
    if by_run is None:
        by_run = _task_means(found, tasks)
    _say(rows, found, said)
    return found, by_run, paired


def _items(rows: Rows, task: np.ndarray, tasks: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each row's item, each item's task and each item's name: items of one name in two tasks are two."""
    width = len(rows.names["item"])
    if tasks == 1:
        return rows.codes["item"], np.zeros(width, np.int32), np.arange(width)
    both = task.astype(np.int64) * width + rows.codes["item"]
    if tasks * width <= 50_000_000:
        seen = np.zeros(tasks * width, bool)
        seen[both] = True
        pairs = np.flatnonzero(seen)
        place = np.cumsum(seen, dtype=np.int32) - 1
        return place[both], (pairs // width).astype(np.int32), pairs % width
    pairs, index = np.unique(both, return_inverse=True)
    return index, (pairs // width).astype(np.int32), pairs % width


def _cluster(rows: Rows, index: np.ndarray, items: int) -> np.ndarray | None:
    if "cluster" not in rows.codes:
        return None
    found = np.full(items, -1, np.int32)
    found[index[::-1]] = rows.codes["cluster"][::-1]
    lone = found < 0
    found[lone] = len(rows.names["cluster"]) + np.arange(int(lone.sum()))
    return found


def _crossed(rows: Rows, run_column: str, index: np.ndarray, items: int) -> Crossed | None:
    """Outcomes by seed and prompt, as far as columns tell several of them; a column that only counts repeats is no condition."""
    roles = ["run"] if plain(run_column) in SHARED else []
    roles = [role for role in (*roles, "prompt") if len(rows.names.get(role, ())) > 1]
    shape = (len(rows.names["system"]), items, *(len(rows.names[role]) for role in roles))
    size = int(np.prod(shape, dtype=float))
    if not roles or rows.n is not None or size > MOST_CROSSED:
        return None
    places = [rows.codes["system"], index, *(rows.codes[role] for role in roles)]
    valid = ~np.isnan(rows.score) & (np.stack(places[2:]) >= 0).all(axis=0)
    flat = np.ravel_multi_index(tuple(np.asarray(p)[valid].astype(np.int64) for p in places), shape)
    total = np.bincount(flat, rows.score[valid], minlength=size).reshape(shape)
    counts = np.bincount(flat, minlength=size).reshape(shape)
    factors = tuple("seed" if role == "run" else role for role in roles)
    return Crossed(factors, total, counts)


def _by_run(
    rows: Rows, task: np.ndarray, tasks: int, run_column: str, valid: np.ndarray
) -> tuple[np.ndarray | None, bool]:
    """Task means of every repeat, where a column numbers them."""
    if "run" not in rows.codes or len(rows.names["run"]) < 2:
        return None, False
    systems, runs = len(rows.names["system"]), len(rows.names["run"])
    run = np.maximum(rows.codes["run"], 0)
    if systems * runs * tasks > most(rows):
        return None, False
    flat = ((rows.codes["system"].astype(np.int64) * runs + run) * tasks + task)[valid]
    counts = np.bincount(flat, minlength=systems * runs * tasks)
    total = np.bincount(flat, rows.score[valid], minlength=systems * runs * tasks)
    total[counts == 0] = np.nan
    paired = plain(run_column) in SHARED and shared(rows)
    return (total / np.maximum(counts, 1)).reshape(systems, runs, tasks), paired


def _task_means(items: Items, tasks: int) -> np.ndarray:
    """Means over items by task, (systems, 1, tasks)."""
    found = np.full((len(items.values), 1, tasks), np.nan)
    for s, row in enumerate(items.values):
        there = ~np.isnan(row)
        counts = np.bincount(items.task[there], minlength=tasks)
        total = np.bincount(items.task[there], row[there], minlength=tasks)
        found[s, 0, counts > 0] = total[counts > 0] / counts[counts > 0]
    return found


def _say(rows: Rows, items: Items, said: Said) -> None:
    """Items that some systems lack, and repeats that differ."""
    names = rows.names["system"]
    lacking = (items.repeats == 0).sum(axis=1)
    if lacking.any():
        who = [f"{names[s]} {n:,}" for s, n in enumerate(lacking) if n]
        said.append(f"some systems lack items ({shown(who, 6)} of {items.values.shape[1]:,}): missing, not wrong")
    there = items.repeats[items.repeats > 0]
    if there.size and there.min() != there.max():
        said.append(f"numbers of outcomes per item differ: {there.min()} to {there.max()}")
