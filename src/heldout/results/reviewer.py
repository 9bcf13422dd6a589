"""What a good reviewer would say of the table: few runs, unequal runs, one task that makes the winner, mixed scales."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from heldout.results import rankings, units
from heldout.results.comparison import PairRow
from heldout.results.table import Table
from heldout.results.tasks import winners_without

FEW, MANY = 5, 10
"""Runs below which intervals are wide guesses; systems from which the best of them is a selection."""


def warnings(table: Table, pairs: Sequence[PairRow], *, normalised: str = "none", target: float = 1.0) -> list[str]:
    """Sentences, the gravest first, none where there is nothing to say."""
    means = units.task_means(table)
    found = [
        *_missing(table, means),
        *_runs(table),
        *_together(table),
        *_scales(table, normalised, target),
        *_winner(table, means),
        *_selection(table, means, pairs),
        *_shape(table),
        *_items(table),
    ]
    return list(dict.fromkeys(found))


def _runs(table: Table) -> Iterator[str]:
    if table.items is not None:
        return
    runs = (~np.isnan(table.scores)).sum(axis=1)
    some = runs[runs > 0]
    if some.max() == 1:
        yield "every system has one score per task: nothing is known of how runs vary; intervals are about tasks like these"
        return
    if alone := [s for s, r in zip(table.systems, runs, strict=True) if r.max() == 1]:
        yield f"{_listed(alone)}: one run of every task, so that no interval can be given"
    if any(re.match(r"column '[^']*fold[^']*': the runs", text, re.IGNORECASE) for text in table.understood):
        yield "runs are folds, which share training rows: their spread understates that of new data, and p-values are too small"
    if some[some > 1].min() < FEW:
        yield f"fewer than {FEW} runs in places (the least is {some.min()}): intervals are wide and rest on their shape"
    if some.min() != some.max():
        yield f"unequal numbers of runs ({some.min()} to {some.max()}): each task weighs the same whatever its runs"
    spread = table.scores.max(axis=1) - table.scores.min(axis=1)
    still = (runs > 1) & (spread == 0)
    if still.any() and still.sum() >= 0.5 * (runs > 1).sum():
        yield "most repeated runs agree to the last digit: are they different runs, and not one run copied?"


def _together(table: Table) -> Iterator[str]:
    """Whether runs do well on all tasks at once: they are trainings that were asked about several tasks, then.

    The correlation of scores between tasks over the runs of a system, the mean over pairs of tasks, against its standard
    deviation if every task's runs were in any order: 1 / sqrt(runs - 1) for one pair.
    """
    if table.items is not None or table.trained is not None:
        return
    whole = table.scores[~np.isnan(table.scores).any(axis=(1, 2))]
    off = whole - whole.mean(axis=1, keepdims=True)
    size = np.sqrt((off**2).mean(axis=1, keepdims=True))
    off = np.where(size > 1e-12 * np.abs(whole).max(initial=0.0), off / np.where(size > 0, size, 1.0), 0.0)
    runs, varied = off.shape[1], (off != 0).any(axis=1).sum(axis=1)
    pairs = int((varied * (varied - 1)).sum()) // 2
    if pairs == 0 or runs < 3:
        return
    found = float(((off.sum(axis=2) ** 2) - (off**2).sum(axis=2)).sum()) / 2 / runs / pairs
    if found > 0.1 and found * np.sqrt(pairs * (runs - 1)) > 3.0:
        yield (
            f"runs of one number do well or badly on several tasks at once (correlation {found:.2f}): if one training was asked "
            "about all of them it is one unit, so that verdicts here are too sure; average the tasks first"
        )


def _scales(table: Table, normalised: str, target: float) -> Iterator[str]:
    if table.items is not None:
        return
    most = np.fmax.reduce(np.abs(table.scores), axis=(0, 1))
    some, highest = most[most > 0], float(np.nanmax(table.scores))
    if normalised == "none" and len(some) > 1 and some.max() > 10 * some.min():
        yield (
            f"tasks are on different scales (largest scores from {some.min():.3g} to {some.max():.3g}), so that few of "
            "them make the mean: normalise, or go by ranks and win rates"
        )
    if highest > 1.5 * target:
        yield f"scores go up to {highest:.4g}, and the optimality gap is measured to {target:g}: normalise first"


def _winner(table: Table, means: np.ndarray) -> Iterator[str]:
    if len(means) < 2:
        return
    decisive = winners_without(means)
    if decisive and len(decisive) < means.shape[1]:
        named = _listed([table.tasks[t] for t in decisive])
        yield f"without {named} alone another system has the highest mean: the winner hangs on a task"
    if (said := rankings.dissent(table)) is not None:
        yield said


def _missing(table: Table, means: np.ndarray) -> Iterator[str]:
    """A task that is missing can only flatter or cost where it is easier or harder than the others."""
    lacking = np.isnan(means)
    if not lacking.any() or len(means) < 2:
        return
    number = (~lacking).sum(axis=0)
    ease = np.where(number > 0, np.nansum(means, axis=0) / np.maximum(number, 1), np.nan)
    overall = np.nanmean(ease)
    shift = np.array([np.nanmean(ease[~row]) - overall if (~row).any() else 0.0 for row in lacking])
    spread = np.nanstd(np.array([np.nanmean(row) if (~np.isnan(row)).any() else np.nan for row in means]))
    yield (
        f"{int(lacking.sum())} of {lacking.size} cells are missing ({int(lacking.any(axis=1).sum())} systems): aggregates "
        "are over the tasks that a system has, pairs over those that both have"
    )
    for i in np.argsort(-shift)[:3]:
        if shift[i] > 0.1 * max(spread, 1e-12) and lacking[i].any():
            yield (
                f"{table.systems[i]} lacks hard tasks: those it has are {shift[i]:.3g} easier than all of them, which "
                "flatters its mean"
            )


def _selection(table: Table, means: np.ndarray, pairs: Sequence[PairRow]) -> Iterator[str]:
    """The best of many is partly the luckiest of many."""
    if len(means) < MANY or not pairs:
        return
    best = table.systems[int(np.nanargmax(np.nanmean(means, axis=1)))]
    open_ones = sum(p.verdict == "undecided" and best in (p.a, p.b) for p in pairs)
    if open_ones:
        yield (
            f"{best} is the highest of {len(means)} systems, and {open_ones} of them are not shown to be worse: the best "
            "of many is partly luck, and scores less when tried afresh"
        )


def _shape(table: Table) -> Iterator[str]:
    """Skewness of runs around their task's mean, pooled, where intervals of means are short."""
    if table.items is not None or table.scores.shape[1] < 2:
        return
    runs = (~np.isnan(table.scores)).sum(axis=1)
    centre = np.nansum(table.scores, axis=1) / np.maximum(runs, 1)
    off = np.nan_to_num(table.scores - centre[:, None])
    scale = np.sqrt((off**2).sum(axis=1) / np.maximum(runs - 1, 1))
    used = (runs > 2) & (scale > 0)
    if used.sum() == 0:
        return
    scaled = (off / np.where(scale > 0, scale, 1)[:, None]) * used[:, None]
    n = runs[used]
    # the mean of cubes of n standardised residuals falls short of the skewness by about (n - 2) / n
    skew = (scaled**3).sum() / (n - 2).sum() if n.sum() >= 20 else 0.0
    if abs(skew) > 1:
        side = "upwards" if skew > 0 else "downwards"
        yield f"runs are skewed {side} ({skew:.1f}): with few runs intervals of means are too short; look at the IQM"


def _items(table: Table) -> Iterator[str]:
    if table.items is None or len(table.systems) < 2:
        return
    low, high = np.fmin.reduce(table.items.values, axis=0), np.fmax.reduce(table.items.values, axis=0)
    several = (~np.isnan(table.items.values)).sum(axis=0) > 1
    same, number = int(((low == high) & several).sum()), int(several.sum())
    if same > 0.5 * number:
        yield f"{same:,} of {number:,} items are answered alike by all systems: they decide nothing"
    if table.items.cluster is not None:
        number = len(np.unique(table.items.cluster))
        if number < 30:
            yield f"only {number} clusters: intervals that rest on so few are rough"


def _listed(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
