"""A small language on lists of small integers, after that of DeepCoder (Balog et al., 2017).

A program is a chain: each line reads the list that the line before made, the first the input; `ZipWith` reads the input
besides. Numbers are counted modulo `numbers`, so that no line can fail.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from heldout.tasks.formal.synthesis.language import ABSENT, Function, Language, arranged, kept

ONE: dict[str, Callable[[Any], Any]] = {
    "+1": lambda a: a + 1,
    "-1": lambda a: a - 1,
    "*2": lambda a: 2 * a,
    "neg": lambda a: -a,
}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "-": lambda a, b: a - b,
    "min": lambda a, b: (a + b - abs(a - b)) // 2,
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "max": lambda a, b: (a + b + abs(a - b)) // 2,
}
"""Functions of numbers, in NumPy and JAX alike."""
LATER = ("+", "*", "max")
"""The functions of two numbers with which train sets lack `Scanl1`, though they have them with `ZipWith`."""
FUNCTIONS = (
    *(Function("Map", name, 0) for name in ONE),
    *(Function("ZipWith", name, 0) for name in TWO),
    *(Function("Scanl1", name, 0) for name in TWO),
    *(Function(name, "", 1) for name in ("Reverse", "Sort", "Swap", "Rotate")),
    *(Function("Filter", name, 2) for name in ("even", "odd", "big")),
    *(Function(name, n, 2) for name in ("Take", "Drop") for n in ("1", "2")),
    Function("Unique", "", 2),
)
"""Arithmetic, order, selection."""


@lru_cache(maxsize=8)
def lists(numbers: int, size: int) -> Language:
    """The language on lists of at most `size` numbers, each below `numbers`."""

    def every(value: Any, given: Any, xp: Any) -> Any:
        arithmetic = (*mapped(value, numbers, xp), *zipped(value, given, numbers, xp), *scanned(value, numbers, xp))
        return xp.concatenate([xp.stack(arithmetic, -2), ordered(value, xp), selected(value, numbers, xp)], -2)

    def inputs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        found = rng.integers(numbers, size=(*shape, size))
        length = rng.integers(size - 1, size + 1, size=(*shape, 1))
        return np.where(np.arange(size) < length, found, ABSENT)

    later = frozenset(("Scanl1", name) for name in LATER)
    return Language(FUNCTIONS, numbers, size, inputs, every, begin=True, alone="Rotate", later=later)


def mapped(value: Any, numbers: int, xp: Any) -> list[Any]:
    """Every function of one number on each of them."""
    return [xp.where(value >= 0, f(value) % numbers, ABSENT) for f in ONE.values()]


def zipped(value: Any, given: Any, numbers: int, xp: Any) -> list[Any]:
    """Every function of two numbers on those at the same place in both lists, as far as both go."""
    both = (value >= 0) & (given >= 0)
    return [xp.where(both, f(value, given) % numbers, ABSENT) for f in TWO.values()]


def scanned(value: Any, numbers: int, xp: Any) -> list[Any]:
    """Every function of two numbers on what it made at the place before and on each number; the first stays as it is."""
    made = []
    for f in TWO.values():
        so_far = [value[..., 0]]
        for i in range(1, value.shape[-1]):
            so_far.append(f(so_far[-1], value[..., i]) % numbers)
        made.append(xp.where(value >= 0, xp.stack(so_far, -1), ABSENT))
    return made


def ordered(value: Any, xp: Any) -> Any:
    """Back to front; rising; first and last exchanged; the first moved to the end: (..., 4, size)."""
    place, present = xp.arange(value.shape[-1]), value >= 0
    length = present.sum(-1, keepdims=True)
    one, other = value[..., :, None], value[..., None, :]
    before = (other < one) | ((other == one) & (place < place[:, None]))
    rank = (before & present[..., None, :]).sum(-1)
    swapped = xp.where(place == 0, length - 1, xp.where(place == length - 1, 0, place))
    targets = xp.stack([length - 1 - place, rank, swapped, (place - 1) % xp.maximum(length, 1)], -2)
    return arranged(value[..., None, :], targets, present[..., None, :], xp)


def selected(value: Any, numbers: int, xp: Any) -> Any:
    """Even, odd or big numbers; the first one or two, all but these; each number once: (..., 8, size)."""
    place = xp.arange(value.shape[-1]) + 0 * value
    again = ((value[..., :, None] == value[..., None, :]) & (place[..., None, :] < place[..., :, None])).any(-1)
    some = (value % 2 == 0, value % 2 == 1, value > numbers // 2, place < 1, place < 2, place >= 1, place >= 2, ~again)
    return kept(value[..., None, :], xp.stack(some, -2), xp)
