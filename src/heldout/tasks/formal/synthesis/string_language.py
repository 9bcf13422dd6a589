"""A small language on strings, after that of RobustFill (Devlin et al., 2017).

Each line reads the whole input and writes something behind what the lines before have written: a part of the input, the
input modified, or a constant. What does not fit any more is cut off, so that no line can fail.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from heldout.tasks.formal.synthesis.language import ABSENT, Function, Language, kept

LOWER, UPPER, DIGITS, MARKS = "abc", "ABC", "12", "- "
SYMBOLS = LOWER + UPPER + DIGITS + MARKS
"""What strings are made of, each symbol numbered by its place."""
CONSTANTS = ("-", " ", "a", "1")
SPANS = {"first": (0, 1), "second": (1, 2), "first two": (0, 2), "third": (2, 3)}
"""`SubStr`: from a place to another."""
TOKENS = {"first word": (0, 0), "second word": (0, 1), "first number": (1, 0), "second number": (1, 1)}
"""`GetToken`: a run of letters (0) or digits (1), and which of them."""
CASES = ("lower", "upper", "proper")
LATER = (("ToCase", "proper"), ("GetToken", "second number"), ("GetToken", "second word"))
"""What train sets never have."""
FUNCTIONS = (
    *(Function("SubStr", name, 0) for name in SPANS),
    *(Function("GetToken", name, 0) for name in TOKENS),
    *(Function(name, "mark", 0) for name in ("GetUpto", "GetFrom")),
    *(Function("ToCase", name, 1) for name in CASES),
    *(Function("GetAll", name, 1) for name in ("letters", "numbers")),
    Function("Replace", "- by space", 1),
    Function("Reverse", "", 1),
    *(Function("Const", repr(name), 2) for name in CONSTANTS),
)
"""Parts of the input, the input modified, constants."""


@lru_cache(maxsize=4)
def strings(size: int) -> Language:
    """The language on strings of at most `size` symbols."""

    def every(value: Any, given: Any, xp: Any) -> Any:
        made = xp.stack((*parts(given, xp), *modified(given, xp), *constants(given, xp)), -2)
        return behind(value[..., None, :], made, xp)

    def inputs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return drawn(rng, shape, size)

    return Language(FUNCTIONS, len(SYMBOLS), size, inputs, every, begin=False, alone="Reverse", later=frozenset(LATER))


def behind(value: Any, made: Any, xp: Any) -> Any:
    """What was made, written behind a value as far as there is room: (..., size) twice to (..., size)."""
    place, length = xp.arange(value.shape[-1]), (value >= 0).sum(-1, keepdims=True)
    source = xp.maximum(place - length, 0)
    shape = np.broadcast_shapes(source.shape, made.shape)
    moved = xp.take_along_axis(xp.broadcast_to(made, shape), xp.broadcast_to(source, shape), -1)
    return xp.where(place < length, value, moved)


def drawn(rng: np.random.Generator, shape: tuple[int, ...], size: int) -> np.ndarray:
    """Runs of letters and digits, parted by marks, half as long as there is room for: (*shape, size)."""
    kind = np.cumsum(rng.integers(0, 3, (*shape, size)) == 0, -1) + rng.integers(0, 4, (*shape, 1))
    letters, digits = rng.integers(0, 6, kind.shape), 6 + rng.integers(0, 2, kind.shape)
    mark = 8 + rng.integers(0, 2, kind.shape)
    found = np.choose(kind % 4, [letters, mark, digits, letters])
    length = rng.integers(size // 2, size // 2 + 2, (*shape, 1))
    return np.where(np.arange(size) < length, found, ABSENT)


def parts(given: Any, xp: Any) -> list[Any]:
    """`SubStr`, `GetToken`, `GetUpto` (the first mark, with it) and `GetFrom` (behind it)."""
    place = xp.arange(given.shape[-1]) + 0 * given
    found = [(place >= a) & (place < b) for a, b in SPANS.values()]
    kinds = ((given >= 0) & (given < 6), (given >= 6) & (given < 8))
    for kind, which in TOKENS.values():
        found.append(kinds[kind] & (runs(kinds[kind], xp) == which))
    mark = given >= 8
    later = xp.cumsum(mark, -1) - mark > 0
    return [kept(given, keep, xp) for keep in (*found, ~later, later)]


def runs(inside: Any, xp: Any) -> Any:
    """How many runs of places inside have begun before that of each place: (..., size)."""
    before = xp.concatenate([xp.zeros_like(inside[..., :1]), inside[..., :-1]], -1)
    return xp.cumsum(inside & ~before, -1) - 1


def modified(given: Any, xp: Any) -> list[Any]:
    """`ToCase` (proper: the first letter of each word is large), `GetAll`, `Replace` and `Reverse`."""
    letter, number = (given >= 0) & (given < 6), (given >= 6) & (given < 8)
    small = xp.where(letter, given % 3, given)
    large = xp.where(letter, given % 3 + 3, given)
    first = letter & ~xp.concatenate([xp.zeros_like(letter[..., :1]), letter[..., :-1]], -1)
    proper = xp.where(first, large, small)
    spaced = xp.where(given == 8, 9, given)
    return [
        small, large, proper, kept(given, letter, xp), kept(given, number, xp), spaced, kept(given[..., ::-1], given[..., ::-1] >= 0, xp),
    ]  # fmt: skip


def constants(given: Any, xp: Any) -> list[Any]:
    """One symbol each."""
    place = xp.arange(given.shape[-1]) + 0 * given
    return [xp.where(place == 0, SYMBOLS.index(one), ABSENT) for one in CONSTANTS]
