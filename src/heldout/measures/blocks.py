"""Measures that need several seeds at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from heldout.core.cell import Cell
from heldout.core.measure import OverSeeds
from heldout.core.split import select
from heldout.core.values import Values
from heldout.measures.rows import Columns, Rows


def over_seeds(leaf: OverSeeds, rows: Rows) -> Values:
    """One number per block of `block` consecutive seeds; a block that a learner has not finished is left out."""
    read = [_by_seed(leaf, Cell(leaf.task, one).digest, rows) for one in (leaf.learner, *leaf.beside)]
    seeds = set.intersection(*(set(one) for one in read))
    members = {b: range(b * leaf.block, (b + 1) * leaf.block) for b in sorted({s // leaf.block for s in seeds})}
    whole = [b for b, block in members.items() if seeds.issuperset(block)]
    values = [leaf.function([one[seed] for one in read for seed in members[b]]) for b in whole]
    return Values(np.array(whole, np.int64), np.array(values, float), "block")


def _by_seed(leaf: OverSeeds, cell: str, rows: Rows) -> dict[int, dict[tuple[str, int], Any]]:
    """What each seed of a cell did with every item: its answer, or its scores in the order of the steps."""
    found: dict[int, dict[tuple[str, int], Any]] = {}
    for split in select(leaf.task.splits, leaf.where):
        columns = rows.answered(cell, split.name)
        if len(columns.get("seed", ())):
            for seed, item, what in (_scores if leaf.reads == "scores" else _answers)(columns):
                found.setdefault(seed, {})[split.name, item] = what
    return found


def _answers(columns: Columns) -> Iterator[tuple[int, int, str]]:
    last = columns["step"] == columns["step"].max()
    for seed, item, answer in zip(*(columns[name][last] for name in ("seed", "item", "answer")), strict=True):
        yield int(seed), int(item), str(answer)


def _scores(columns: Columns) -> Iterator[tuple[int, int, np.ndarray]]:
    seed, item, step = (columns[name] for name in ("seed", "item", "step"))
    order = np.lexsort((step, item, seed))
    seed, item = seed[order], item[order]
    first = np.flatnonzero(np.r_[True, (seed[1:] != seed[:-1]) | (item[1:] != item[:-1])])
    for at, scores in zip(first, np.split(columns["value"][order].astype(float), first[1:]), strict=True):
        yield int(seed[at]), int(item[at]), scores
