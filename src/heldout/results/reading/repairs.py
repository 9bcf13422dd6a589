"""What is mended in rows before they become a table; every step says what it did."""

from dataclasses import replace

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import counted, shown
from heldout.results.reading.rows import Rows

Said = list[str]


def key(rows: Rows, *roles: str) -> tuple[np.ndarray, int]:
    """One code per row out of those of several roles, and how many there can be; missing cells are a code of their own."""
    code, size = np.zeros(len(rows.score), np.int64), 1
    for role in roles:
        if role in rows.codes:
            width = len(rows.names[role]) + 1
            if size > 2**62 // width:
                raise HeldoutError("too many different systems, tasks and items for one table")
            code *= width
            code += rows.codes[role] + 1
            size *= width
    if size > 50_000_000 and size > 4 * len(code):
        code = np.unique(code, return_inverse=True)[1].astype(np.int64)
        size = int(code.max()) + 1
    return code, size


def nameless(rows: Rows, said: Said) -> Rows:
    """Leave out rows that do not say of which system, task or item they are."""
    for role in ("system", "task", "item"):
        if role in rows.codes and (gaps := rows.codes[role] < 0).any():
            said.append(f"{counted(int(gaps.sum()), 'row')} without a {role}: left out")
            rows = rows.keep(~gaps)
    if not len(rows.score):
        raise HeldoutError("every row lacks its system, task or item: nothing is left")
    return rows


def scoreless(rows: Rows, said: Said) -> Rows:
    """Leave out systems without any score."""
    there = np.bincount(rows.codes["system"][~np.isnan(rows.score)], minlength=len(rows.names["system"])) > 0
    if there.all() or not there.any():
        return rows
    names = rows.names["system"]
    said.append(f"{shown([n for n, yes in zip(names, there, strict=True) if not yes])}: no score at all, left out")
    rows = rows.keep(there[rows.codes["system"]])
    codes = (np.cumsum(there) - 1).astype(np.int32)[rows.codes["system"]]
    kept = tuple(n for n, yes in zip(names, there, strict=True) if yes)
    return replace(rows, names={**rows.names, "system": kept}, codes={**rows.codes, "system": codes})


def last_steps(rows: Rows, said: Said) -> Rows:
    """Of rows along training keep each run's last step that has a score."""
    if rows.step is None:
        return rows
    which, size = key(rows, "system", "task", "run", "item", "prompt")
    which = which if "run" in rows.codes else which * (int(rows.source.max()) + 1) + rows.source
    size = size if "run" in rows.codes else size * (int(rows.source.max()) + 1)
    valid = ~np.isnan(rows.step) & ~np.isnan(rows.score)
    last = np.full(size, -np.inf)
    np.maximum.at(last, which[valid], rows.step[valid])
    kept = (rows.step == last[which]) | ((last[which] == -np.inf) & ~valid)
    if kept.all():
        return rows
    steps = rows.step[kept & valid]
    span = f"{steps.min():,.0f}" if steps.min() == steps.max() else f"{steps.min():,.0f} to {steps.max():,.0f}"
    said.append(f"the last step of each run is taken (step {span}): {int(kept.sum()):,} of {len(kept):,} rows")
    if steps.min() < 0.9 * steps.max():
        said.append(f"runs end at different steps ({span}): shorter ones may not have finished")
    return rows.keep(kept)


def infinities(rows: Rows, wide: bool, said: Said) -> Rows:
    """Infinite scores become missing; missing ones are counted, by system (empty cells of a `wide` table are told elsewhere)."""
    endless = np.isinf(rows.score)
    if endless.any():
        who = [rows.names["system"][i] for i in np.unique(rows.codes["system"][endless])]
        said.append(f"{counted(int(endless.sum()), 'infinite score')} (of {shown(who)}): counted as missing")
        rows = replace(rows, score=np.where(endless, np.nan, rows.score))
    gaps = np.isnan(rows.score) & ~endless
    if gaps.any() and not wide:
        who = [rows.names["system"][i] for i in np.unique(rows.codes["system"][gaps])]
        said.append(
            f"{counted(int(gaps.sum()), 'row')} without a score (of {shown(who)}): missing, not zero; "
            "where a run diverged, write the task's worst score instead"
        )
    if np.isnan(rows.score).all():
        raise HeldoutError("no cell of the score column holds a number: name another with --columns score=...")
    return rows


def duplicates(rows: Rows, said: Said) -> Rows:
    """Drop rows that say the same again; keep those of one key that say something else, as repeats.

    Where no column numbers the runs and most cells have several rows, those are the repeats and none is dropped.
    """
    which, size = key(rows, "system", "task", "run", "item", "prompt")
    counts = np.bincount(which, minlength=size)
    if counts.max() <= 1:
        return rows
    used = counts[counts > 0]
    if "run" not in rows.codes and np.median(used) > 1:
        unit = "repeats" if "item" in rows.codes else "runs"
        said.append(
            f"no column tells repeats apart: rows of one system and {'item' if 'item' in rows.codes else 'task'} count as its {unit}"
        )
        return rows
    runs = "run" in rows.codes and "item" not in rows.codes and rows.n is None
    if runs and np.median(used) > 1:
        return _averaged(rows, which, said)  # episodes, or items that no column names: equal ones are no copies
    several = np.flatnonzero(counts[which] > 1)
    order = several[np.lexsort((several, rows.score[several], which[several]))]
    same = (which[order][1:] == which[order][:-1]) & (rows.score[order][1:] == rows.score[order][:-1])
    kept = np.ones(len(which), bool)
    kept[order[1:][same]] = False
    if (dropped := int((~kept).sum())) > 0:
        said.append(
            f"{counted(dropped, 'row')} that another row says already (same system, task, run and score): dropped"
        )
    rows, which = rows.keep(kept), which[kept]
    if runs:
        return _averaged(rows, which, said)
    conflicting = int((np.bincount(which, minlength=size) > 1).sum())
    if conflicting:
        said.append(f"{counted(conflicting, 'cell')} with several rows of different scores: kept as repeats")
    return rows


def _averaged(rows: Rows, which: np.ndarray, said: Said) -> Rows:
    """One row per run, the mean of its rows: a run is one unit however often it was evaluated. Rows without a run stay."""
    named, there = rows.codes["run"] >= 0, ~np.isnan(rows.score)
    place = np.where(named, which, which.max() + 1 + np.arange(len(which)))
    _, first, at = np.unique(place, return_index=True, return_inverse=True)
    number = np.bincount(at[there], minlength=len(first))
    if (number > 1).any():
        most, cells = int(number.max()), int((number > 1).sum())
        said.append(
            f"{counted(cells, 'run')} with several rows (up to {most:,}), such as episodes: averaged, as a run counts once"
        )
    total = np.bincount(at[there], rows.score[there], minlength=len(first))
    mean = np.where(number > 0, total / np.maximum(number, 1), np.nan)
    kept = np.zeros(len(which), bool)
    kept[first] = True
    score = rows.score.copy()
    score[first] = mean
    return replace(rows, score=score).keep(kept)


def _once(rows: Rows, said: Said) -> Rows:
    """Without the rows of files that agree with earlier ones wherever both speak: a file named twice, overlapping exports."""
    cell, _ = key(rows, "system", "task", "run")
    order = np.lexsort((rows.source, rows.score, cell))
    new = np.ones(len(cell), bool)
    new[1:] = (np.diff(cell[order]) != 0) | ~(np.diff(rows.score[order]) == 0)
    first = np.maximum.accumulate(np.where(new, np.arange(len(cell)), 0))
    kept = np.ones(len(cell), bool)
    kept[order] = rows.source[order] == rows.source[order][first]
    kept |= rows.codes["run"] < 0
    _, at = np.unique(cell, return_inverse=True)
    earliest = np.full(at.max() + 1, rows.source.max())
    np.minimum.at(earliest, at, rows.source)
    shared = (rows.source > earliest[at]) & (rows.codes["run"] >= 0)
    for source in np.unique(rows.source[shared & kept]):  # it differs somewhere: what is equal is so by chance
        kept[rows.source == source] = True
    if not kept.all():
        said.append(
            f"{counted(int((~kept).sum()), 'row')} that another file says already (same system, task, run and score): dropped"
        )
    return rows.keep(kept)


def sources(rows: Rows, names: tuple[str, ...], said: Said) -> Rows:
    """Where several files have scores of one system and task, the file tells its runs apart."""
    if len(names) < 2 or "item" in rows.codes:
        return rows
    if "run" in rows.codes:
        rows = _once(rows, said)
    cell, size = key(rows, "system", "task", "run")
    width = len(names)
    pairs = np.unique(cell * width + rows.source)
    clash = np.bincount(pairs // width, minlength=size) > 1
    if not clash.any():
        return rows
    who = [rows.names["system"][i] for i in np.unique(rows.codes["system"][clash[cell]])]
    said.append(f"several files have scores of {shown(who)}: each file's are further runs")
    run = rows.codes.get("run", np.zeros(len(cell), np.int32))
    base = rows.names.get("run", ("",))
    both, codes = np.unique(rows.source.astype(np.int64) * (len(base) + 1) + run + 1, return_inverse=True)
    labels = tuple(
        f"{names[b // (len(base) + 1)]}{':' + base[b % (len(base) + 1) - 1] if base != ('',) and b % (len(base) + 1) else ''}"
        for b in both
    )
    return replace(rows, names={**rows.names, "run": labels}, codes={**rows.codes, "run": codes.astype(np.int32)})
