"""How win rates and ranks would turn out with other runs, items or tasks: the table is drawn again many times.

Runs and items: task means with Student errors, of all systems together where they share seeds or items. One score per
system and task: the tasks themselves are drawn again.
"""

from dataclasses import dataclass

import numpy as np

from heldout.results import paired
from heldout.results.table import Table
from heldout.stats import aggregate
from heldout.stats.aggregate import Estimate

DRAWS, LEAST, MOST = 1_000, 200, 40_000_000
"""Times a table is drawn, at least so often, and comparisons of systems on tasks beyond which nothing is."""


@dataclass(frozen=True, eq=False)
class Redrawn:
    """`rate`: win rates with 95% intervals, (systems,). `ranks`: (systems, systems) probability of each rank by the mean."""

    rate: Estimate
    ranks: np.ndarray


def redrawn(table: Table, means: np.ndarray, items: paired.Paired | None = None, seed: int = 0) -> Redrawn:
    """Win rates and ranks of the table's systems. `means`: (systems, tasks); `items`: every system's units, where there are items."""
    systems, tasks = means.shape
    rate = aggregate.win_rate(means) if systems > 1 else np.full(1, np.nan)
    each = systems * systems * tasks
    number = int(np.clip(MOST // max(each, 1), LEAST, DRAWS))
    if systems < 2 or each * LEAST > 10 * MOST:
        unknown = np.full(systems, np.nan)
        return Redrawn(Estimate(rate, unknown, unknown), np.full((systems, systems), np.nan))
    rng = np.random.default_rng([seed, 1])
    repeated = table.items is not None or (~np.isnan(table.scores)).sum(axis=1).max() > 1
    if repeated:
        drawn = means + (_of_items(means, items, number, rng) if items is not None else _of_runs(table, number, rng))
        won, overall = _rates(drawn), _mean(drawn)
    else:
        won, overall = _of_tasks(means, number, rng)
    return Redrawn(_interval(rate, won), ranks(overall))


def ranks(points: np.ndarray) -> np.ndarray:
    """Share of the draws, (draws, systems), in which each system has each rank; tied systems share their ranks."""
    points = np.where(np.isnan(points), -np.inf, points)
    draws, systems = points.shape
    found = np.zeros((systems, systems + 1))
    for i in range(systems):
        above = (points > points[:, i : i + 1]).sum(axis=1)
        alike = (points == points[:, i : i + 1]).sum(axis=1)
        np.add.at(found[i], above, 1 / alike)  # a step up at the first rank, a step down behind the last
        np.add.at(found[i], above + alike, -1 / alike)
    return np.clip(np.cumsum(found, axis=1)[:, :systems] / draws, 0.0, 1.0)


def _interval(rate: np.ndarray, drawn: np.ndarray) -> Estimate:
    """The draws' spread around the rate that was found; they themselves lie nearer one half, as noise upon noise does."""
    some = ~np.isnan(drawn).all(axis=0)
    ends = np.full((3, len(rate)), np.nan)
    ends[:, some] = np.nanquantile(drawn[:, some], [0.025, 0.5, 0.975], axis=0)
    low, middle, high = ends
    return Estimate(rate, np.clip(rate + low - middle, 0, 1), np.clip(rate + high - middle, 0, 1))


def _of_runs(table: Table, number: int, rng: np.random.Generator) -> np.ndarray:
    """(draws, systems, tasks) errors of the task means; of seeds that all systems share, together."""
    scores = table.scores
    runs = (~np.isnan(scores)).sum(axis=1)
    if table.paired and not np.isnan(scores).any() and scores.shape[1] > 1:
        return np.stack([_student(scores[:, :, t].T, number, rng) for t in range(scores.shape[2])], axis=-1)
    centre = np.nansum(scores, axis=1) / np.maximum(runs, 1)
    squares = np.nansum((scores - centre[:, None]) ** 2, axis=1)
    error = np.sqrt(squares / np.maximum(runs - 1, 1) / np.maximum(runs, 1))
    return rng.standard_t(np.maximum(runs - 1, 1), size=(number, *runs.shape)) * error


def _of_items(means: np.ndarray, items: paired.Paired, number: int, rng: np.random.Generator) -> np.ndarray:
    """The same of items: of all systems together where none lacks a task, else each by its own standard errors."""
    if np.isnan(means).any():
        return rng.standard_normal((number, *means.shape)) * np.sqrt(np.nan_to_num(items.variances))
    made = np.empty((number, *means.shape))
    for at, stratum in enumerate(np.unique(items.stratum)):
        parts = items.blocks[items.stratum == stratum] * means.shape[1]
        made[:, :, at] = _student(parts * len(parts), number, rng) if len(parts) > 1 else 0.0
    return made


def _student(units: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """(draws, systems) errors of the column means of (units, systems) data: for two systems exactly the paired t test."""
    n = len(units)
    off = units - units.mean(axis=0)
    root = np.sqrt(rng.chisquare(n - 1, size=(number, 1)) / (n - 1))
    return rng.standard_normal((number, n)) @ off / np.sqrt(n * (n - 1)) / root


def _of_tasks(means: np.ndarray, number: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Win rates and means of tables whose tasks are drawn with replacement, (draws, systems) each."""
    tasks = means.shape[1]
    counts = rng.multinomial(tasks, np.full(tasks, 1 / tasks), size=number).astype(float)
    here = ~np.isnan(means)
    total = counts @ np.nan_to_num(means).T
    overall = np.divide(total, counts @ here.T, out=np.full(total.shape, np.nan), where=counts @ here.T > 0)
    won = np.zeros(total.shape)
    for i, row in enumerate(means):
        others = np.delete(means, i, axis=0)
        both = ~np.isnan(row - others)
        better = ((row > others) + 0.5 * (row == others)) * both
        met = counts @ both.T
        each = np.divide(counts @ better.T, met, out=np.full(met.shape, np.nan), where=met > 0)
        won[:, i] = _mean(each)
    return won, overall


def _rates(drawn: np.ndarray) -> np.ndarray:
    """Win rates of (draws, systems, tasks), a few draws at a time."""
    parts = np.array_split(drawn, max(1, drawn.size // 2_000_000))
    return np.concatenate([aggregate.win_rate(part) for part in parts])


def _mean(values: np.ndarray) -> np.ndarray:
    """Over the last axis, of what is there; NaN where nothing is."""
    here = ~np.isnan(values)
    number = here.sum(axis=-1)
    return np.divide(
        np.where(here, values, 0.0).sum(axis=-1), number, out=np.full(number.shape, np.nan), where=number > 0
    )
