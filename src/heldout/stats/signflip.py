"""The paired comparison: the signs of differences are exchangeable if there is no effect.

Group-sequential sign flips in the manner of Mathieu et al. (2023, AdaStop), but with the absolute value in the statistic
and in the reference alike, so that the level holds.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.groupsequential import ROUNDING, Orbit, magnitude
from heldout.stats.looks import check

PATTERNS = 4096
"""Patterns in the reference, the observed one among them: the twelve units after the first are enumerated."""


BLOCK, SEED, DRAWS = 64, 20231, PATTERNS // 8
"""Units whose signs are drawn together; and how many 64-bit words a unit's signs, one byte each, take."""


def signs(units: int) -> np.ndarray:
    """(PATTERNS, units) signs: row 0 is all +1, and so is the first column, as |sum| does not tell s from -s.

    The next twelve columns run through all combinations, the others are random: given the observed pattern the set is
    as likely from any other of its members, which is all that exactness needs. More units leave the columns of the
    first ones as they were.
    """
    return np.concatenate([flips for flips, _ in _blocks(0, units)]).T


@lru_cache(maxsize=64)
def _block(index: int) -> np.ndarray:
    """The signs of one block of units as floats: (BLOCK, PATTERNS), the same whichever were drawn before."""
    bits = np.random.PCG64(SEED)
    bits.advance(index * BLOCK * DRAWS)
    random = np.random.Generator(bits).integers(0, 2, (BLOCK, PATTERNS), dtype=np.int8)
    if index == 0:
        random[0] = 0
        random[1:13] = (np.arange(PATTERNS) >> np.arange(12)[:, None]) & 1
    random[:, 0] = 0
    found = (1 - 2 * random).astype(np.float32)
    found.setflags(write=False)
    return found


def _blocks(begin: int, end: int) -> Iterator[tuple[np.ndarray, slice]]:
    """The signs of units begin ... end - 1, block by block, and which units they are."""
    while begin < end:
        index, start = divmod(begin, BLOCK)
        stop = min(end, (index + 1) * BLOCK)
        yield _block(index)[start : start + stop - begin], slice(begin, stop)
        begin = stop


@lru_cache(maxsize=16)
def _slopes(looks: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Per look the sum of signs over as many patterns as differ by then."""
    found, total, before = [], np.zeros(PATTERNS, np.float32), 0
    for n in looks:
        total = total + sum(flips.sum(axis=0) for flips, _ in _blocks(before, n))
        found.append(total[: _distinct(n)])
        before = n
    return tuple(found)


def _distinct(units: int) -> int:
    """How many leading patterns stand for all, repeated: those that differ within the enumerated columns."""
    return min(2 ** (units - 1), PATTERNS)


def orbit(differences: np.ndarray, looks: Sequence[int], planned: int | None = None) -> Orbit:
    """The sums of differences under all sign patterns. `differences`: (claims, units) or (units,).

    `looks`: those that the units reach, of `planned` ones (these if None).
    """
    data = np.atleast_2d(np.asarray(differences, float))
    reached = check(looks, data.shape[1])
    if not reached:
        raise HeldoutError(f"{data.shape[1]} units: the first look takes {looks[0]}")
    centre = data[:, : reached[0]].mean(axis=1)
    off = data - centre[:, None]
    unit = magnitude(off[:, : reached[-1]])
    off = (off / unit[:, None]).astype(np.float32)
    sums: list[np.ndarray] = []
    before = 0
    for n in reached:
        new = np.zeros((len(data), _distinct(n)), np.float32)
        for flips, units in _blocks(before, n):
            new += off[:, units] @ flips[:, : _distinct(n)]
        if sums:
            new += np.tile(sums[-1], (1, new.shape[1] // sums[-1].shape[1]))
        sums.append(new)
        before = n
    scale = np.abs(off[:, : reached[-1]]).sum(axis=1)
    return Orbit(tuple(sums), _slopes(reached), centre, ROUNDING * scale, planned or len(looks), unit)
