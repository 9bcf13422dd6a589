"""Which way scores point, and whether one task mixes fractions with percentages."""

from dataclasses import replace

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import LOWER, plain, shown
from heldout.results.reading.repairs import key
from heldout.results.reading.rows import Rows

UNBOUNDED = ("return", "reward", "elo", "rating", "loss", "perplexity", "latency")


def percents(rows: Rows, said: list[str]) -> Rows:
    """Where a task has cells such as `91.4%` beside fractions, the percentages become fractions."""
    if rows.percent is None:
        return rows
    task, size = key(rows, "task")
    signed = np.bincount(task[rows.percent], minlength=size) > 0
    plainly = ~rows.percent & ~np.isnan(rows.score)
    top = np.full(size, -np.inf)
    np.maximum.at(top, task[plainly], np.abs(rows.score[plainly]))
    mixed = signed & np.isfinite(top) & (top <= 1.5)
    if not mixed.any():
        return rows
    change = rows.percent & mixed[task]
    said.append(f"{int(change.sum())} cells with a percent sign stand beside fractions: divided by 100")
    return replace(rows, score=np.where(change, rows.score / 100, rows.score))


def mixed(rows: Rows, scored: str) -> None:
    """Raise where some systems' scores on a task are fractions and others' are the same in percent.

    Only where both would agree within a factor of two: returns of 0.9 and 300 are no percentages.
    """
    if any(word in plain(scored) for word in UNBOUNDED):
        return
    valid = ~np.isnan(rows.score)
    if rows.score[valid].max(initial=0) <= 1.5:
        return
    cell, _ = key(rows, "task", "system")
    cell, systems, score = cell[valid], len(rows.names["system"]) + 1, rows.score[valid]
    used, at = np.unique(cell, return_inverse=True)
    mean = np.bincount(at, score) / np.bincount(at)
    low, high = np.full(len(used), np.inf), np.full(len(used), -np.inf)
    np.minimum.at(low, at, score)
    np.maximum.at(high, at, score)
    for task in np.unique(used // systems):
        here = used // systems == task
        small, large = here & (low >= 0) & (high <= 1) & (high > 0), here & (low > 1.5) & (high <= 100)
        if not small.any() or not large.any() or (small | large).sum() < here.sum():
            continue
        ratio = 100 * np.median(mean[small]) / np.median(mean[large])
        if 0.5 <= ratio <= 2:
            who = [rows.names["system"][u % systems - 1] for u in used[large]]
            where = f" on task {rows.names['task'][task - 1]!r}" if "task" in rows.names else ""
            raise HeldoutError(
                f"mixed units{where}: {shown(who)} from 0 to 100, the others from 0 to 1: write all scores in one unit"
            )


def direction(scored: str, tasks: tuple[str, ...], lower: bool, said: list[str]) -> None:
    """Warn where names suggest the other direction."""
    words = [w for w in (scored, *tasks) if LOWER.search(plain(w)) and not plain(w).startswith("neg")]
    if words and not lower:
        said.append(
            f"{shown(words)}: lower may be better; heldout takes higher as better unless --lower-is-better is given"
        )
    if lower and plain(scored) in ("accuracy", "acc", "return", "reward", "success_rate", "f1", "auc"):
        said.append(f"--lower-is-better with a score called {scored!r}: is that meant?")
