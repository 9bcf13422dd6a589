"""Counts of right answers, checked once at the door."""

from typing import Any, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError

SORTED = 10**6
"""With more different (n, c) than this there might be, they are sorted instead of counted."""


class Counts(NamedTuple):
    """Of every item how many samples were drawn, and how many were right: whole numbers, (items,) each."""

    n: np.ndarray
    c: np.ndarray


class Kinds(NamedTuple):
    """The different (n, c) among the items, and which of them each item is: what is worked out is so once for each."""

    n: np.ndarray
    c: np.ndarray
    which: np.ndarray


def counts(n: Any, c: Any) -> Counts:
    """The counts as whole numbers with 0 <= c <= n, `n` being one number or one per item; HeldoutError otherwise."""
    right = np.atleast_1d(np.asarray(c))
    drawn = np.broadcast_to(np.asarray(n), right.shape) if np.ndim(n) == 0 else np.asarray(n)
    if right.ndim != 1 or drawn.shape != right.shape:
        raise HeldoutError(f"{drawn.shape} samples and {right.shape} right: give one n and one c per item")
    for name, array in (("n", drawn), ("c", right)):
        if array.dtype.kind == "f" and not (np.isfinite(array).all() and (array == np.round(array)).all()):
            raise HeldoutError(f"{name} holds numbers that are not whole: give counts of samples, not shares")
    drawn, right = drawn.astype(np.int64), right.astype(np.int64)
    if wrong := np.flatnonzero((right < 0) | (right > drawn)).tolist():
        raise HeldoutError(
            f"item {wrong[0]} has c = {right[wrong[0]]} right of n = {drawn[wrong[0]]}: c lies in 0 ... n"
        )
    return Counts(drawn, right)


def kinds(given: Counts) -> Kinds:
    """The different (n, c), ascending."""
    most = int(given.n.max(initial=0)) + 1
    every = given.n * most + given.c
    if most**2 > SORTED:
        codes, which = np.unique(every, return_inverse=True)
        return Kinds(codes // most, codes % most, which)
    codes = np.flatnonzero(np.bincount(every, minlength=1))  # counting is faster than sorting
    place = np.zeros(most**2, dtype=np.intp)
    place[codes] = np.arange(len(codes))
    return Kinds(codes // most, codes % most, place[every])


def from_samples(right: Any) -> Counts:
    """The counts of an (items, samples) array of 0 and 1 with NaN where a sample is missing."""
    array = np.asarray(right, dtype=float)
    missing = np.isnan(array)
    if array.ndim != 2 or not (missing | (array == 0) | (array == 1)).all():
        raise HeldoutError(f"samples of shape {array.shape}: give items x samples, each 0, 1 or missing (NaN)")
    return Counts((~missing).sum(axis=1), np.where(missing, 0, array).sum(axis=1).astype(np.int64))
