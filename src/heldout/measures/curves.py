"""Measures along training: when a score is reached."""

import numpy as np

from heldout.core.cell import Cell
from heldout.core.measure import StepsTo
from heldout.core.split import select
from heldout.core.values import Values
from heldout.measures.rows import Rows


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
