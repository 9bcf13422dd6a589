"""Measures that need several seeds at once."""

import numpy as np

from heldout.core.cell import Cell
from heldout.core.measure import OverSeeds
from heldout.core.split import select
from heldout.core.values import Values
from heldout.measures.rows import Rows


def over_seeds(leaf: OverSeeds, rows: Rows) -> Values:
    """One number per block of `block` consecutive seeds; an unfinished block is left out."""
    cell = Cell(leaf.task, leaf.learner)
    answers: dict[int, dict[tuple[str, int], str]] = {}
    for split in select(leaf.task.splits, leaf.where):
        found = rows.answered(cell.digest, split.name)
        for seed, item, answer in zip(
            found.get("seed", ()), found.get("item", ()), found.get("answer", ()), strict=True
        ):
            answers.setdefault(int(seed), {})[split.name, int(item)] = str(answer)
    blocks = sorted({seed // leaf.block for seed in answers})
    whole = [b for b in blocks if all(b * leaf.block + i in answers for i in range(leaf.block))]
    values = [leaf.function([answers[b * leaf.block + i] for i in range(leaf.block)]) for b in whole]
    return Values(np.array(whole, np.int64), np.array(values, float), "block")
