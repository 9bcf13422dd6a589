"""The functions on lists against plain Python."""

import jax.numpy as jnp
import numpy as np
import pytest

from heldout.tasks.formal.synthesis.language import ABSENT, BROKEN
from heldout.tasks.formal.synthesis.list_language import lists

NUMBERS, SIZE = 7, 5
LANGUAGE = lists(NUMBERS, SIZE)
RNG = np.random.default_rng(0)


def accumulated(f, values):
    made = values[:1]
    for v in values[1:]:
        made.append(f(made[-1], v) % NUMBERS)
    return made


ONE = {"+1": lambda a: a + 1, "-1": lambda a: a - 1, "*2": lambda a: a * 2, "neg": lambda a: -a}
TWO = {"-": lambda a, b: a - b, "min": min, "+": lambda a, b: a + b, "*": lambda a, b: a * b, "max": max}
SOME = {"even": lambda a: a % 2 == 0, "odd": lambda a: a % 2 == 1, "big": lambda a: a > NUMBERS // 2}
PLAIN = {
    "Map": lambda v, _, a: [ONE[a](x) % NUMBERS for x in v],
    "ZipWith": lambda v, g, a: [TWO[a](x, y) % NUMBERS for x, y in zip(v, g, strict=False)],
    "Scanl1": lambda v, _, a: accumulated(TWO[a], list(v)),
    "Reverse": lambda v, *_: v[::-1],
    "Sort": lambda v, *_: sorted(v),
    "Swap": lambda v, *_: [v[-1], *v[1:-1], v[0]] if len(v) > 1 else v,
    "Rotate": lambda v, *_: v[1:] + v[:1],
    "Filter": lambda v, _, a: [x for x in v if SOME[a](x)],
    "Take": lambda v, _, a: v[: int(a)],
    "Drop": lambda v, _, a: v[int(a) :],
    "Unique": lambda v, *_: list(dict.fromkeys(v)),
}


def some(n):
    return [RNG.integers(NUMBERS, size=RNG.integers(SIZE + 1)).tolist() for _ in range(n)]


def padded(values):
    return np.array([v + [ABSENT] * (SIZE - len(v)) for v in values])


def plain(array):
    return [[int(x) for x in row if x != ABSENT] for row in array]


@pytest.mark.parametrize("xp", [np, jnp])
def test_every_function_is_what_it_says(xp):
    values, given = some(300), some(300)
    made = np.asarray(LANGUAGE.every(xp.asarray(padded(values)), xp.asarray(padded(given)), xp))
    assert made.shape == (300, len(LANGUAGE.functions), SIZE)
    for i, f in enumerate(LANGUAGE.functions):
        assert plain(made[:, i]) == [PLAIN[f.operation](v, g, f.argument) for v, g in zip(values, given, strict=True)]
        assert (np.diff((made[:, i] == ABSENT).astype(int)) >= 0).all()  # absent only at the end


def test_programs_run_line_by_line_and_break_for_good():
    names = [(f.operation, f.argument) for f in LANGUAGE.functions]
    add, sort, times, stop = (
        names.index(("Map", "+1")),
        names.index(("Sort", "")),
        names.index(("ZipWith", "*")),
        len(names),
    )
    programs = jnp.array([[add, sort, times, stop], [stop] * 4, [add, stop + 1, add, stop], [-1, add, add, add]])
    given = jnp.asarray(np.broadcast_to(padded([[3, 6, 1], [5]]), (4, 2, SIZE)))
    found = np.asarray(LANGUAGE.outputs(programs, given))
    assert plain(found[0]) == [[0, 12 % 7, 4], [30 % 7]]
    assert plain(found[1]) == [[3, 6, 1], [5]]
    assert (found[2:] == BROKEN).all()
    assert LANGUAGE.text(programs[0]) == "Map +1; Sort; ZipWith *"
