"""A benchmark made smaller: the items that say nearly as much as all, and how far off they are for systems to come."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results import abilities
from heldout.results.table import Table
from heldout.stats.abilities import selection
from heldout.stats.abilities.prediction import estimated
from heldout.stats.abilities.reconstruction import WAYS, Reconstruction, reconstruction, weights

LEAST, FEW = 5, 20
"""Systems without which nothing can be held out, and below which the errors are themselves uncertain."""

MOST = 5_000
"""Items that are chosen from at most; a random part where there are more."""

ABILITIES = np.linspace(-4, 4, 81)
"""Abilities at which the success on items left out is told."""


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
    """A smaller benchmark. `chosen`: its items by `way`, the best of those in `expected` that do not leave them to chance.

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
        return next(e for e in self.expected if e.way == self.way)


def shrink(table: Table, items: int, seed: int = 0) -> Shrunk:
    """Chooses so many items, and says how well they stand for all on systems held out (five folds of the systems).

    Every way of choosing is tried in the same folds; the best one that is not random is taken. HeldoutError where the table holds
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
    expected = _expected(reconstruction(data, items, task, rng))
    way = next(e.way for e in expected if not e.way.startswith("random"))
    ability, curves = estimated(data)
    if way.startswith("informative"):
        seen = selection.informative(curves, ability, items)
    else:
        rate = data.signed.sum(axis=1) / np.maximum(data.tried.sum(axis=1), 1e-9)
        seen = selection.stratified(rate, task, items, rng)
    weight = weights(task)
    rest = np.ones(data.items, dtype=bool)
    rest[seen] = False
    unseen = curves.chosen(rest).probability(ABILITIES) @ (weight[rest] / weight[rest].sum())
    names = table.items.names or tuple(map(str, range(number)))
    rows = tuple(
        Chosen(str(names[looked[i]]), table.tasks[int(task[i])], float(w), float(curves.slope[i]), float(b))
        for i, w, b in zip(seen, weight[seen] / weight[seen].sum(), curves.difficulty[seen], strict=True)
    )
    curve = tuple(zip(ABILITIES.tolist(), unseen.tolist(), strict=True))
    said = tuple(_warnings(systems, number, len(looked), expected))
    return Shrunk(rows, way, expected, curve, number, systems, said)


def _expected(found: Reconstruction) -> tuple[Expected, ...]:
    """The ways by their errors, the best first."""
    rows = zip(WAYS, found.error, found.spread, found.errors, strict=True)
    made = [Expected(way, float(error), float(spread), float(each.max())) for way, error, spread, each in rows]
    return tuple(sorted(made, key=lambda e: e.error))


def _warnings(systems: int, number: int, looked: int, expected: tuple[Expected, ...]) -> list[str]:
    said = []
    if systems < FEW:
        said.append(
            f"{systems} systems are few to learn from and to hold out: the errors are rough, and new systems unlike these "
            f"may be further off; {FEW} or more make them reliable"
        )
    best = next(e for e in expected if not e.way.startswith("random"))
    drawn = next(e for e in expected if e.way.startswith("random"))
    if best.error > 0.9 * drawn.error:
        said.append(f"choosing gains little: random items ({drawn.way.split(', ')[1]}) are as good or nearly so")
    if looked < number:
        said.append(f"chosen from {looked:,} of {number:,} items drawn at random")
    return said
