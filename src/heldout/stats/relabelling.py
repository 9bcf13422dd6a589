"""The unpaired comparison: who is whose is exchangeable if there is no effect.

Group-sequential permutation test in the manner of Mathieu et al. (2023, AdaStop), absolute in statistic and reference.
Labels are exchanged within what arrived between two looks, so that a pattern once rejected stays the same pattern.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.groupsequential import ROUNDING, Orbit, magnitude
from heldout.stats.looks import check

PATTERNS = 4096
"""Relabellings in the reference at most, the observed one among them."""

Arrivals = tuple[tuple[int, int], ...]
"""How many units of either group arrived between the looks."""


@lru_cache(maxsize=64)
def _labels(arrivals: Arrivals, seed: int = 20232) -> tuple[np.ndarray, tuple[int, ...]]:
    """(units, patterns) of 1 where a unit counts for the first group, and how many patterns differ by each look.

    Units stand look by look, first group first; column 0 is the observed labelling. Leading looks are enumerated while
    their labellings, and their products, are few; the later ones are random. More looks leave the rows as they were.
    """
    generator = np.random.default_rng(seed)
    distinct, total, counts = [], 1, []
    for a, b in arrivals:
        ways = math.comb(a + b, a)
        total = total * ways if total and total * ways <= PATTERNS else 0
        distinct.append(total)
        counts.append(ways)
    last = max((t for t in distinct if t), default=1)
    patterns = last * (PATTERNS // last)
    blocks, period = [], 1
    for (a, b), size, ways in zip(arrivals, distinct, counts, strict=True):
        if size:
            block = _every(a, b)[:, (np.arange(patterns) // period) % ways]
            period *= ways
        else:
            block = (generator.random((patterns, a + b)).argsort(axis=1) < a).T.astype(np.float32)
            block[:, 0] = np.arange(a + b) < a
        blocks.append(block)
    return np.concatenate(blocks), tuple(t or patterns for t in distinct)


def _every(a: int, b: int) -> np.ndarray:
    """(a + b, ways): every choice of `a` units for the first group, the observed one first."""
    found = np.zeros((a + b, math.comb(a + b, a)), np.float32)
    for column, chosen in enumerate(combinations(range(a + b), a)):
        found[list(chosen), column] = 1.0
    return found


def orbit(first: np.ndarray, second: np.ndarray, looks: Sequence[tuple[int, int]], planned: int | None = None) -> Orbit:
    """The difference of means, first less second, under relabellings.

    `first`, `second`: (claims, units) or (units,), not paired and not of one length perhaps. `looks`: how many units of
    either there are at each look; those that both groups reach are used. `planned`: the number of looks over which the
    level is spent (these if None).
    """
    one, two = np.atleast_2d(np.asarray(first, float)), np.atleast_2d(np.asarray(second, float))
    check([a + b for a, b in looks])
    reached = [(a, b) for a, b in looks if a <= one.shape[1] and b <= two.shape[1]]
    arrivals = tuple((a - c, b - d) for (c, d), (a, b) in zip([(0, 0), *reached], reached, strict=False))
    if not reached or min(min(pair) for pair in arrivals) < 0 or min(reached[0]) < 1:
        raise HeldoutError(
            f"no usable look among {list(looks)} for groups of {one.shape[1]} and {two.shape[1]} units: "
            "both groups must start with one unit and never shrink"
        )
    labels, distinct = _labels(arrivals)
    centre = one[:, : reached[0][0]].mean(axis=1) - two[:, : reached[0][1]].mean(axis=1)
    base = two[:, : reached[0][1]].mean(axis=1, keepdims=True)
    left, right = one - base - centre[:, None], two - base
    pooled = _pooled(left, right, reached)
    unit = magnitude(pooled)
    pooled /= unit[:, None]
    sums, slopes, row = [], [], 0
    kept, mine, whole = np.zeros((len(one), 1), np.float32), np.zeros(1, np.float32), np.zeros((len(one), 1))
    for (a, b), (x, y), size in zip(reached, arrivals, distinct, strict=True):
        new, added = labels[row : row + x + y, :size], pooled[:, row : row + x + y]
        kept = np.tile(kept, (1, size // kept.shape[1])) + added.astype(np.float32) @ new
        mine = np.tile(mine, size // len(mine)) + new[:x].sum(axis=0)
        whole = whole + added.sum(axis=1, keepdims=True)
        sums.append(kept * np.float32(1 / a + 1 / b) - (whole / b).astype(np.float32))
        slopes.append((mine * (1 / a + 1 / b) - a / b).astype(np.float32))
        row += x + y
    scale = np.abs(left[:, : reached[-1][0]]).mean(axis=1) + np.abs(right[:, : reached[-1][1]]).mean(axis=1)
    return Orbit(tuple(sums), tuple(slopes), centre, 4 * ROUNDING * scale / unit, planned or len(looks), unit)


def _pooled(one: np.ndarray, two: np.ndarray, reached: Sequence[tuple[int, int]]) -> np.ndarray:
    """Both groups in the order in which looks saw them: (claims, units)."""
    parts, before = [], (0, 0)
    for a, b in reached:
        parts += [one[:, before[0] : a], two[:, before[1] : b]]
        before = (a, b)
    return np.concatenate(parts, axis=1)
