"""A table of results as it was understood: who was measured on what, how often, with which outcome."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Kind = Literal["runs", "items", "leaderboard"]


@dataclass(frozen=True, eq=False)
class Crossed:
    """Outcomes told apart by the conditions that every item was answered under.

    `factors`: what the conditions are levels of, such as ("seed", "prompt"). `total`, `counts`: (systems, items, *levels) sums
    of outcomes, and how many there are.
    """

    factors: tuple[str, ...]
    total: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Items:
    """Outcomes per item, repeats averaged.

    `values`: (systems, items), NaN where a system lacks the item. `repeats`: (systems, items) how many outcomes each mean
    stands for. `task`: (items,) codes into the table's tasks. `cluster`: (items,) codes of what moves together, where a
    column says so. `names`: (items,) as in the file. `crossed`: outcomes by seed or prompt, where a column says which.
    """

    values: np.ndarray
    repeats: np.ndarray
    task: np.ndarray
    cluster: np.ndarray | None = None
    names: tuple[str, ...] = ()
    crossed: Crossed | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Scores of systems on tasks; higher is better once it is made.

    `scores`: (systems, runs, tasks), NaN where there is no run; for items, one row of task means per repeat (seed) where
    there are any. `paired`: whether equal run numbers mean equal seeds. `sources`: the files. `understood`: what each
    column was taken for, in words. `warnings`: what was repaired, left out or looks wrong. `steps`: training steps, where
    the last was taken of several. `turned`: whether scores have the other sign than in the file. `trained`: (tasks,) codes of
    tasks that one run is asked about together, which make it one unit.
    """

    kind: Kind
    systems: tuple[str, ...]
    tasks: tuple[str, ...]
    scores: np.ndarray
    items: Items | None = None
    paired: bool = False
    sources: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    turned: bool = False
    trained: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Battles:
    """Pairwise outcomes: (battles,) codes of the two systems, 1 where `first` won, 0.5 for a tie, 0 where `second` did."""

    systems: tuple[str, ...]
    first: np.ndarray
    second: np.ndarray
    outcome: np.ndarray
    voter: np.ndarray | None = None
    prompt: np.ndarray | None = None
    sources: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())
