"""Rows of runs as an array of systems, runs and tasks."""

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import plain, shown
from heldout.results.reading.repairs import Said, key
from heldout.results.reading.rows import Rows
from heldout.results.table import Kind

MOST, FEW, SPREAD = 200_000_000, 20_000_000, 30
"""Cells of a table: so many, and beyond a few no more than so many for each score: what is mostly empty takes memory all the same."""

SHARED = ("seed", "random_seed", "random_state", "fold")
"""Names of run columns whose equal values mean equal conditions; others only count."""


def arrange(rows: Rows, run_column: str, said: Said) -> tuple[Kind, np.ndarray, bool]:
    """The kind of table, the scores (systems, runs, tasks) and whether runs are paired by their number."""
    tasks = len(rows.names.get("task", ("",)))
    systems = len(rows.names["system"])
    valid = ~np.isnan(rows.score)
    paired = "run" in rows.codes and plain(run_column) in SHARED and shared(rows)
    cell, size = key(rows, "system", "task")
    row = rows.codes["run"] if paired else _counted(cell, size, valid)
    if paired:
        row = _repeats_below(rows, row, valid)
    runs = int(row[valid].max(initial=0)) + 1
    if systems * runs * tasks > most(rows):
        raise HeldoutError(
            f"{systems:,} systems, {tasks:,} tasks and {runs:,} runs make too large a table: name the item column"
        )
    scores = np.full((systems, runs, tasks), np.nan)
    task = rows.codes.get("task", np.zeros(len(row), np.int32))
    scores[rows.codes["system"][valid], row[valid], task[valid]] = rows.score[valid]
    _say(rows, scores, said)
    return ("leaderboard" if runs == 1 else "runs"), scores, paired and runs > 1


def most(rows: Rows) -> int:
    """How many cells the table of these rows may have."""
    return min(MOST, max(FEW, SPREAD * len(rows.score)))


def shared(rows: Rows) -> bool:
    """Whether most runs of a task are there for several systems under one number."""
    cell, _ = key(rows, "task", "run")
    pairs = np.unique(cell * (len(rows.names["system"]) + 1) + rows.codes["system"])
    counts = np.unique(pairs // (len(rows.names["system"]) + 1), return_counts=True)[1]
    return bool(np.mean(counts > 1) >= 0.5)


def _counted(cell: np.ndarray, size: int, valid: np.ndarray) -> np.ndarray:
    """The number of each row within its cell, those with a score first, in the order of the file."""
    order = np.lexsort((np.arange(len(cell)), ~valid, cell))
    starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=size))])
    found = np.empty(len(cell), np.int64)
    found[order] = np.arange(len(cell)) - starts[cell[order]]
    return found


def _repeats_below(rows: Rows, run: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Move second rows of one system, task and seed to run numbers of their own."""
    cell, size = key(rows, "system", "task", "run")
    again = _counted(cell, size, valid) * valid
    return np.where(run < 0, len(rows.names["run"]), run) + again * (len(rows.names["run"]) + 1)


def _say(rows: Rows, scores: np.ndarray, said: Said) -> None:
    """Unequal numbers of runs, cells without any, systems with one run."""
    counts = (~np.isnan(scores)).sum(axis=1)
    names, tasks = rows.names["system"], rows.names.get("task", ("",))
    gaps = np.argwhere(counts == 0)
    if len(gaps):
        where = [f"{names[s]} on {tasks[t]}" for s, t in gaps[:4]]
        more = f" and {len(gaps) - 4} more" if len(gaps) > 4 else ""
        said.append(
            f"{len(gaps)} of {counts.size} pairs of system and task have no score ({'; '.join(where)}{more}): missing, not zero"
        )
    most, fewest = counts.max(), counts[counts > 0].min()
    if most != fewest:
        per = [_span(names[s], c[c > 0]) for s, c in enumerate(counts) if c.any()]
        said.append(
            f"numbers of runs differ, {fewest} to {most} a task ({shown(per, 6)}): every task's mean counts equally"
        )
    alone = [names[s] for s, c in enumerate(counts) if c.max() == 1]
    if alone and most > 1:
        said.append(f"one run only of {shown(alone)}: nothing shows how much its runs differ")


def _span(name: str, counts: np.ndarray) -> str:
    low, high = counts.min(), counts.max()
    return f"{name} {low}" if low == high else f"{name} {low} to {high}"
