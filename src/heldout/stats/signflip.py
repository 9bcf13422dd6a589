"""The paired comparison: the signs of differences are exchangeable if there is no effect.

Group-sequential sign flips in the manner of Mathieu et al. (2023, AdaStop), but with the absolute value in the statistic
and in the reference alike, so that the level holds.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.groupsequential import Orbit
from heldout.stats.looks import check

PATTERNS = 4096
"""Patterns in the reference, the observed one among them: the twelve units after the first are enumerated."""


@lru_cache(maxsize=8)
def signs(units: int, seed: int = 20231) -> np.ndarray:
    """(PATTERNS, units) signs, int8: row 0 is all +1, and so is the first column, as |sum| does not tell s from -s.

    The next twelve columns run through all combinations, the others are random: given the observed pattern the set is
    as likely from any other of its members, which is all that exactness needs. More units leave the columns of the
    first ones as they were.
    """
    random = np.random.default_rng(seed).integers(0, 2, (max(units, 13), PATTERNS), dtype=np.int8)
    random[0] = 0
    random[1:13] = (np.arange(PATTERNS) >> np.arange(12)[:, None]) & 1
    random[:, 0] = 0
    found = (1 - 2 * random[:units]).astype(np.int8).T
    found.setflags(write=False)
    return found


@lru_cache(maxsize=8)
def _prefix(looks: tuple[int, ...]) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The signs as floats, (units, PATTERNS), and per look their sums over as many patterns as differ by then."""
    flips = np.ascontiguousarray(signs(looks[-1]).T, dtype=np.float32)
    return flips, tuple(flips[:n, : _distinct(n)].sum(axis=0) for n in looks)


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
    flips, slopes = _prefix(reached)
    off = (data - centre[:, None]).astype(np.float32)
    sums: list[np.ndarray] = []
    before = 0
    for n in reached:
        new = off[:, before:n] @ flips[before:n, : _distinct(n)]
        if sums:
            new += np.tile(sums[-1], (1, new.shape[1] // sums[-1].shape[1]))
        sums.append(new)
        before = n
    scale = np.abs(data[:, : reached[-1]]).sum(axis=1)
    return Orbit(tuple(sums), slopes, centre, (1e-6 * scale).astype(np.float32), planned or len(looks))
