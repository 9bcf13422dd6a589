"""The paired comparison: the signs of differences are exchangeable if there is no effect.

Group-sequential sign flips in the manner of Mathieu et al. (2023, AdaStop), but with the absolute value in the statistic
and in the reference alike, so that the level holds.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from heldout.stats.groupsequential import Orbit
from heldout.stats.looks import check

PATTERNS = 4096
"""Patterns in the reference, the observed one among them: the twelve units after the first are enumerated."""


@lru_cache(maxsize=8)
def signs(units: int, seed: int = 20231) -> np.ndarray:
    """(PATTERNS, units) signs, int8: row 0 is all +1, and so is the first column, as |sum| does not tell s from -s.

    The next twelve columns run through all combinations, the others are random: given the observed pattern the set is
    as likely from any other of its members, which is all that exactness needs.
    """
    random = np.random.default_rng(seed).integers(0, 2, (PATTERNS, max(units, 13)), dtype=np.int8)
    random[:, 0] = 0
    random[:, 1:13] = (np.arange(PATTERNS)[:, None] >> np.arange(12)) & 1
    random[0] = 0
    found = (1 - 2 * random[:, :units]).astype(np.int8)
    found.setflags(write=False)
    return found


@lru_cache(maxsize=8)
def _prefix(looks: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The signs as floats, and their sums at each look: (units, PATTERNS) and (looks, PATTERNS)."""
    flips = np.ascontiguousarray(signs(looks[-1]).T, dtype=np.float32)
    slopes = np.array([flips[:n].sum(axis=0) for n in looks], np.float32)
    return flips, slopes


def orbit(differences: np.ndarray, looks: Sequence[int], planned: int | None = None) -> Orbit:
    """The sums of differences under all sign patterns. `differences`: (claims, units) or (units,).

    `looks`: those that the units reach, of `planned` ones (these if None).
    """
    data = np.atleast_2d(np.asarray(differences, float))
    reached = check(looks, data.shape[1])
    centre = data[:, : reached[-1]].mean(axis=1) if reached else np.zeros(len(data))
    if not reached:
        raise ValueError(f"no look among {tuple(looks)} is reached by {data.shape[1]} units")
    flips, slopes = _prefix(reached)
    scale = np.abs(data[:, : reached[-1]]).sum(axis=1)
    off = (data - centre[:, None]).astype(np.float32)
    sums = np.empty((len(reached), len(data), PATTERNS), np.float32)
    for index, (begin, end) in enumerate(zip((0, *reached), reached, strict=False)):
        np.matmul(off[:, begin:end], flips[begin:end], out=sums[index])
        if index:
            sums[index] += sums[index - 1]
    return Orbit(sums, slopes, centre, (1e-6 * scale).astype(np.float32), planned or len(looks))
