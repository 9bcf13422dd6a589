"""All pairs under the same flips of signs: step-down p-values of the largest |T|.

Westfall and Young (1993) with sign flips that all pairs share. T is the difference over a standard error made afresh,
within strata, from the flipped units, so that strata with effects of their own do not hide a difference of the mean. In
one stratum |T| rises with |sum| / sqrt(sum of squares), and this is `heldout.stats.multiplicity.step_down`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from heldout.results.paired import Paired

CELLS = 2_000_000
"""Statistics held at a time."""

WORK = 15_000_000
"""Statistics worked out at most, before the number of flips is cut."""

LEAST, MOST = 1_999, 9_999


class Flipped(NamedTuple):
    """p-values of each pair, (pairs,): by itself, and adjusted for all pairs. `flips` made; `exact`: those were all."""

    p: np.ndarray
    adjusted: np.ndarray
    flips: int
    exact: bool


def step_down(found: Paired, seed: int = 0) -> Flipped:
    """p-values of all pairs; all flips where there are no more than the random ones that would be drawn."""
    units, pairs = found.blocks.shape
    flips = int(np.clip(WORK // (pairs * (found.stratum[-1] + 1)), LEAST, MOST))
    exact = units <= 14 and 2 ** (units - 1) <= flips + 1
    strata = _strata(found)
    observed = _statistic(found.blocks, strata, np.ones((1, units)))[0]
    order = np.argsort(-observed, kind="stable")
    limit = observed - 1e-9 * (1 + observed)
    alone, together, made = np.zeros(pairs), np.zeros(pairs), 0
    for signs in _signs(units, flips, exact, max(1, CELLS // max(pairs, units)), seed):
        reference = _statistic(found.blocks, strata, signs)
        alone += (reference >= limit).sum(axis=0)
        # the largest over the pairs still open, from the least significant pair up
        largest = np.maximum.accumulate(reference[:, order[::-1]], axis=1)[:, ::-1]
        together += (largest >= limit[order]).sum(axis=0)
        made += len(signs)
    extra = 0 if exact else 1
    adjusted = np.empty(pairs)
    adjusted[order] = np.maximum.accumulate((together + extra) / (made + extra))
    return Flipped((alone + extra) / (made + extra), adjusted, made, exact)


class _Stratum(NamedTuple):
    """Its units, the sum of squares of each pair, and how many units each pair has, (pairs,)."""

    units: slice
    squares: np.ndarray
    number: np.ndarray


def _strata(found: Paired) -> list[_Stratum]:
    starts = np.flatnonzero(np.diff(found.stratum, prepend=-1))
    ends = np.append(starts[1:], len(found.stratum))
    slices = [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
    parts = [found.blocks[one] for one in slices]
    return [
        _Stratum(one, (part * part).sum(axis=0), np.count_nonzero(part, axis=0))
        for one, part in zip(slices, parts, strict=True)
    ]


def _statistic(blocks: np.ndarray, strata: list[_Stratum], signs: np.ndarray) -> np.ndarray:
    """|T| of each flip and pair, (flips, pairs): zero where a pair's differences all are."""
    whole = np.zeros((len(signs), blocks.shape[1]))
    variance = np.zeros_like(whole)
    floor = 1e-12 * sum(one.squares for one in strata) + np.finfo(float).tiny
    for one in strata:
        part = signs[:, one.units] @ blocks[one.units]
        whole += part
        if len(strata) == 1:
            variance += one.squares
            break
        # a stratum of one unit has no spread of its own: its square stands for it
        several = one.number > 1
        scale = np.where(several, one.number / np.maximum(one.number - 1, 1), 1.0)
        share = np.where(several, scale / np.maximum(one.number, 1), 0.0)
        part *= part
        part *= share
        variance += scale * one.squares - part
    np.maximum(variance, floor, out=variance)
    np.sqrt(variance, out=variance)
    np.abs(whole, out=whole)
    return np.divide(whole, variance, out=whole)


def _signs(units: int, flips: int, exact: bool, step: int, seed: int) -> Iterator[np.ndarray]:
    if exact:  # |T| does not tell a pattern from its opposite: the first unit is never flipped
        codes = np.arange(2 ** (units - 1))
        yield 1.0 - 2.0 * ((codes[:, None] << 1 >> np.arange(units)) & 1)
        return
    rng = np.random.default_rng(seed)
    for done in range(0, flips, step):
        size = (min(step, flips - done), units)
        bits = np.unpackbits(rng.integers(0, 256, (size[0], (units + 7) // 8), dtype=np.uint8), axis=1, count=units)
        yield 1.0 - 2.0 * bits
