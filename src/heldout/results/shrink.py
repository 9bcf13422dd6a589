"""A benchmark made smaller: the items that say nearly as much as all, and how far off they are for systems to come."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results import abilities
from heldout.results.table import Table
from heldout.stats.abilities import selection
from heldout.stats.abilities.prediction import estimated
from heldout.stats.abilities.reconstruction import WAYS, reconstruction, weights

LEAST, FEW = 5, 20
"""Systems without which nothing can be held out, and below which the errors are themselves uncertain."""

MOST = 20_000
"""Items that are chosen from at most; a random part where there are more."""


@dataclass(frozen=True)
class Expected:
    """How far off a way is on systems that it was not fitted to: mean absolute error, its standard error, the worst system's."""

    way: str
    error: float
    spread: float
    worst: float


@dataclass(frozen=True)
class Chosen:
    """An item of the small benchmark: its curve, and its part in a plain mean over the chosen ones."""

    item: str
    task: str
    weight: float
    slope: float
    difficulty: float


@dataclass(frozen=True)
class Shrunk:
    """A smaller benchmark. `chosen`: its items by `way`, the best of those in `expected`, of which the first is the best.

    `curve`: (ability, mean success over the items left out) pairs: the score on all items is the share seen times the mean seen
    plus the rest times this. `of`: items there were. `warnings`: what makes the errors unreliable.
    """

    chosen: tuple[Chosen, ...]
    way: str
    expected: tuple[Expected, ...]
    curve: tuple[tuple[float, float], ...]
    of: int
    systems: int
    warnings: tuple[str, ...]

    @property
    def best(self) -> Expected:
        """What to expect of the chosen items."""
        return self.expected[0]


def shrink(table: Table, items: int, seed: int = 0) -> Shrunk:
    """Chooses so many items, and says how well they stand for all on systems held out (five folds of the systems).

    Every way of choosing is tried in the same folds; that with the smallest error is taken. HeldoutError where the table holds
    no item responses, or too few systems or items.
    """
    if table.items is None:
        raise HeldoutError("this table has no items: give one with a system, an item and an outcome in each row")
    number, systems = table.items.values.shape[1], len(table.systems)
    if not 1 <= items < number:
        raise HeldoutError(
            f"--items is {items:,} and the table has {number:,} items: choose fewer than it has, at least 1"
        )
    if systems < LEAST:
        raise HeldoutError(
            f"{systems} systems: to see what fewer items would say of new ones takes at least {LEAST}, better {FEW}"
        )
    if not abilities.sensible(table.items):
        raise HeldoutError(
            "the outcomes are not 0/1, graded between 0 and 1, or counts, or there are fewer than 20 items"
        )
    rng = np.random.default_rng(seed)
    looked = abilities.some(number, max(MOST, items), rng)
    data, _ = abilities.worth(abilities.responses_of(table.items, looked))
    task = np.asarray(table.items.task)[looked]
    found = reconstruction(data, items, task, rng, repeats=5)
    expected = sorted(
        (
            Expected(way, float(error), float(spread), float(each.max()))
            for way, error, spread, each in zip(WAYS, found.error, found.spread, found.errors, strict=True)
        ),
        key=lambda e: e.error,
    )
    ability, curves = estimated(data)
    way = expected[0].way
    if way.startswith("informative"):
        seen = selection.informative(curves, ability, items)
    elif way.startswith("stratified"):
        seen = selection.stratified(np.nan_to_num(np.nanmean(data.means(), axis=1), nan=0.5), task, items, rng)
    else:
        seen = selection.random(data.items, items, rng)
    weight = weights(task)
    rest = np.ones(data.items, dtype=bool)
    rest[seen] = False
    grid = np.linspace(-4, 4, 81)
    curve = curves.chosen(rest).probability(grid) @ (weight[rest] / weight[rest].sum())
    part = weight[seen] / weight[seen].sum()
    rows = tuple(
        Chosen(
            str(table.items.names[looked[i]]) if table.items.names else str(looked[i]),
            table.tasks[int(task[i])],
            float(w),
            float(curves.slope[i]),
            float(curves.difficulty[i]),
        )
        for i, w in zip(seen, part, strict=True)
    )
    said = tuple(_warnings(systems, number, len(looked), expected))
    return Shrunk(
        rows, way, tuple(expected), tuple(zip(grid.tolist(), curve.tolist(), strict=True)), number, systems, said
    )


def _warnings(systems: int, number: int, looked: int, expected: list[Expected]) -> list[str]:
    said = []
    if systems < FEW:
        said.append(
            f"{systems} systems are few to learn from and to hold out: the errors are rough, and new systems unlike these "
            f"may be further off; {FEW} or more make them reliable"
        )
    mean = next(e for e in expected if e.way == "random, mean")
    if expected[0].error > 0.8 * mean.error:
        said.append("choosing gains little: a random subset of the same size is nearly as good")
    if looked < number:
        said.append(f"chosen from {looked:,} of {number:,} items drawn at random")
    return said
