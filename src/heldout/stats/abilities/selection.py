"""Few items that stand for many: the most informative ones, random ones, and ones spread over tasks and difficulties."""

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.curve import Items

POINTS = 25
"""Abilities at which items have to inform."""


def informative(items: Items, ability: np.ndarray, n: int) -> np.ndarray:
    """The n items that tell most of abilities such as these, ascending (Kipnis et al., metabench, 2024).

    In turn for each of some quantiles of the abilities (systems,), widened a little at both ends for systems to come, the open
    item with most Fisher information there is taken.
    """
    number = _checked(n, len(items.slope))
    spread = float(ability.std())
    points = np.quantile(ability, np.linspace(0, 1, POINTS)) + spread * np.linspace(-0.25, 0.25, POINTS)
    tells = items.information(points)
    order = np.argsort(-tells, axis=1, kind="stable")
    taken = np.zeros(number, dtype=bool)
    place, turn, found = np.zeros(POINTS, dtype=int), np.argsort(np.arange(POINTS) * 7 % POINTS), 0
    while found < n:
        for point in turn:
            while taken[order[point, place[point]]]:
                place[point] += 1
            taken[order[point, place[point]]] = True
            found += 1
            if found == n:
                break
    return np.flatnonzero(taken)


def random(number: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """So many items, each as likely as any other, ascending."""
    return np.sort(rng.choice(_checked(n, number), n, replace=False))


def stratified(rate: np.ndarray, task: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """One random item from each of n equal runs of all items, ordered by task and within it by success rate; ascending.

    Tasks and difficulties are then represented as in the whole. Each run has a random place of its own: even steps from one
    start would take the same difficulties in every task.
    """
    number = _checked(n, len(rate))
    order = np.lexsort((rng.random(number), rate, task))
    edges = np.floor(np.arange(n + 1) * number / n + 1e-9).astype(int)
    places = edges[:-1] + np.floor(rng.random(n) * np.diff(edges)).astype(int)
    return np.sort(order[places])


def _checked(n: int, number: int) -> int:
    if not 0 < n <= number:
        raise HeldoutError(f"{n} items cannot be chosen from {number}: choose between 1 and {number}")
    return number
