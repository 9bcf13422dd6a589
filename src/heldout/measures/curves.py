"""Measures along training and along axes: when a score is reached, what is lost again, where it halves."""

import numpy as np

from heldout.core.cell import Cell
from heldout.core.curve import Halving
from heldout.core.measure import Forgetting, StepsTo
from heldout.core.split import select
from heldout.core.values import Values
from heldout.measures.rows import Rows
from heldout.stats.gaps.halving import halvings


def steps_to(leaf: StepsTo, rows: Rows) -> Values:
    """The first recorded step at which the split's score reaches the level; else the last step, censored."""
    cell = Cell(leaf.task, leaf.learner)
    found = rows.of(cell.digest, "score")
    names = {s.name for s in select(leaf.task.splits, leaf.where)}
    here = np.isin(found["split"].astype(str), list(names))
    seeds, steps, values = found["seed"][here], found["step"][here], found["value"][here]
    units = np.unique(seeds)
    first, censored = np.empty(len(units)), np.zeros(len(units), bool)
    for index, unit in enumerate(units):
        mine = seeds == unit
        reached = steps[mine][values[mine] >= leaf.level]
        censored[index] = len(reached) == 0
        first[index] = steps[mine].max() if censored[index] else reached.min()
    return Values(units.astype(np.int64), first, "seed", censored)


def halving(measure: Halving, joined: Values, table: np.ndarray) -> Values:
    """The level at which each unit's score has halved; else the last level, censored. `table`: (1 + levels, units)."""
    if not len(joined):
        return joined
    at = (measure.start, *(measure.levels or ()))
    found = halvings(table.T, at, share=measure.share, floor=measure.floor)
    return Values(joined.units, found.levels, joined.unit, found.censored, joined.failed)


def forgetting(leaf: Forgetting, rows: Rows) -> Values:
    """Per seed, the mean over splits of the best score at any step before the last, less the one at the last."""
    found = rows.of(Cell(leaf.task, leaf.learner).digest, "score")
    names = [s.name for s in select(leaf.task.splits, leaf.where)]
    steps, units = np.unique(found["step"]), np.unique(found["seed"])
    if len(steps) < 2:  # nothing measured, or a run cut short
        return Values(np.empty(0, np.int64), np.empty(0))
    curves = np.full((len(names), len(steps), len(units)), np.nan)
    for row, name in enumerate(names):
        here = found["split"] == name
        at = np.searchsorted(steps, found["step"][here]), np.searchsorted(units, found["seed"][here])
        curves[row][at] = found["value"][here]
    whole = ~np.isnan(curves).any(axis=(0, 1))
    curves = curves[:, :, whole]
    return Values(units[whole].astype(np.int64), (curves[:, :-1].max(axis=1) - curves[:, -1]).mean(axis=0))
