"""The reasoning gap: what is lost when the numbers in a problem change (Srivastava et al., 2024)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Interval
from heldout.stats.gaps import resample
from heldout.stats.gaps.matrix import matrix
from heldout.stats.sample import sample


@dataclass(frozen=True)
class ReasoningGap:
    """`static`: share of items solved as published. `functional`: share solved in every snapshot. `gap`: share lost."""

    static: float
    functional: float
    gap: Interval


def reasoning_gap(
    static: Any, functional: Any, *, alpha: float = 0.05, resamples: int = 4000, seed: int = 0
) -> ReasoningGap:
    """(static - functional) / static over paired items, with a bootstrap interval over items.

    `static`: (items,) of 0 and 1; `functional`: (items, snapshots) of 0 and 1, the same items with other values. An item
    counts as functionally solved when every snapshot is. Guessing alone makes a gap: one who solves each variant with
    chance q keeps q^snapshots, so compare systems at one number of snapshots.
    """
    first, table = _binary(sample(static, "the static outcomes", 2)), _binary(matrix(functional, "the snapshots", 2))
    if len(first) != len(table):
        raise HeldoutError(f"{len(first)} static items and {len(table)} functional ones: join them on their item first")
    if not first.any():
        raise HeldoutError("no static item is solved: nothing can be lost, so that there is no reasoning gap")
    both = np.column_stack((first, table.all(axis=1)))
    means = both.mean(axis=0)
    drawn = resample.weights(len(both), resamples, seed) @ both
    drawn = drawn[drawn[:, 0] > 0]
    low, high = resample.expanded(_lost(drawn), len(both), alpha)
    return ReasoningGap(float(means[0]), float(means[1]), Interval(float(_lost(means)), low, high))


def _lost(shares: np.ndarray) -> np.ndarray:
    return (shares[..., 0] - shares[..., 1]) / shares[..., 0]


def _binary(values: np.ndarray) -> np.ndarray:
    if not np.isin(values, (0.0, 1.0)).all():
        raise HeldoutError("an outcome is neither 0 nor 1: grade every variant as right or wrong")
    return values
