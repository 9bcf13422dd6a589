"""The relations of PGM (Barrett et al., 2018): how one attribute runs through the rows of a matrix, as sets of values."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

FIELDS: dict[tuple[str, str], int] = {
    ("shape", "size"): 10,
    ("shape", "colour"): 10,
    ("shape", "number"): 10,
    ("shape", "position"): 9,
    ("shape", "type"): 7,
    ("line", "colour"): 10,
    ("line", "type"): 6,
}
"""Object and attribute, and how many values it has."""

RELATIONS = ("progression", "XOR", "OR", "AND", "consistent union")
ORDERED = ("size", "colour", "number")

Triple = tuple[str, str, str]

TRIPLES: tuple[Triple, ...] = tuple(
    (relation, *field)
    for field in FIELDS
    for relation in RELATIONS
    if not (relation == "progression" and field[1] == "position")
    and not (relation == "progression" and field == ("line", "type"))
    and not (relation == "consistent union" and field[1] == "position")
    and not (relation in ("XOR", "OR", "AND") and field[1] == "number")
)
"""The 29 triples of relation, object and attribute that there are."""

STEPS = (-2, -1, 1, 2)
BOTH = 0.15
"""How probable it is that a further value is in the first panel only, in the second only, or in both."""


def matrices(rng: np.random.Generator, relation: str, allowed: np.ndarray, values: int, n: int) -> np.ndarray:
    """`n` matrices (n, 3, 3, values) of which values are in which panel; only those `allowed` occur.

    Progression: one value a panel, which moves by the same number of places among those allowed all through the matrix. XOR, OR
    and AND: the third panel of a row has the values that the operation makes of the other two. Consistent union: the same three
    values, one a panel, in every row, in any order.
    """
    made = np.zeros((n, 3, 3, values), bool)
    made[..., allowed] = (_MADE.get(relation) or _operation(relation))(rng, len(allowed), n)
    return made


def holds(relation: str, panels: Any) -> Any:
    """(..., 3, 3, values) to (...), of NumPy or JAX: whether all rows follow the relation."""
    first, second, third = (panels[..., i, :] for i in range(3))
    if relation in OPERATIONS:
        return (OPERATIONS[relation](first, second) == third).all((-1, -2))
    single = (panels.sum(-1) == 1).all((-1, -2))
    if relation == "consistent union":
        row = panels.any(-2)
        return single & (row == row[..., :1, :]).all((-1, -2)) & (row.sum(-1) == 3).all(-1)
    places = panels.argmax(-1)
    steps = places[..., 1:] - places[..., :-1]
    return single & (steps == steps[..., :1, :1]).all((-1, -2)) & (steps[..., :1, :1] != 0).all((-1, -2))


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"XOR": operator.xor, "OR": operator.or_, "AND": operator.and_}


def _progression(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    steps = rng.choice([s for s in STEPS if 2 * abs(s) < size], n)[:, None, None]
    reach = 2 * abs(steps)
    start = (rng.random((n, 3, 1)) * (size - reach)).astype(int) + np.where(steps < 0, reach, 0)
    return (start + steps * np.arange(3))[..., None] == np.arange(size)


def _union(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    chosen = rng.random((n, size)).argsort(1)[:, :3]
    order = rng.random((n, 3, 3)).argsort(-1)
    return np.take_along_axis(chosen[:, None], order, -1)[..., None] == np.arange(size)


def _operation(relation: str) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    """In every row some value is in the first panel only, some in the second only and some in both: operations can be told apart."""

    def made(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
        kind = rng.choice(4, (n, 3, size), p=[1 - 3 * BOTH, BOTH, BOTH, BOTH])
        place = rng.random((n, 3, size)).argsort(-1)
        np.put_along_axis(kind, place[..., :3], np.broadcast_to([1, 2, 3], (n, 3, 3)), -1)
        first, second = (kind & 1) > 0, (kind & 2) > 0
        return np.stack([first, second, OPERATIONS[relation](first, second)], 2)

    return made


_MADE: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    "progression": _progression,
    "consistent union": _union,
}
