"""The generalization valley: a gap between home and away that is widest at a middling complexity.

Qi et al., Quantifying Generalization Complexity for Large Language Models (2024): simple tasks are solved everywhere and the
hardest nowhere; between them lies the critical complexity, at which most rests on what cannot be carried over.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.gaps import resample
from heldout.stats.gaps.matrix import matrix, rising
from heldout.stats.permutation import paired


@dataclass(frozen=True, eq=False)
class Valley:
    """The shape of a gap over complexity.

    `gaps`: (levels,) means over units. `critical`: the level of the widest gap. `depth`: how much wider it is there than at
    the wider of the two ends, 0 where an end is the widest. `shares`: (levels,) of resamples in which the gap is widest at
    each. `p`: of no valley, that is, of no inner level whose gap exceeds those at both ends.
    """

    gaps: np.ndarray
    critical: float
    depth: float
    shares: np.ndarray
    p: float

    @property
    def interior(self) -> float:
        """The share of resamples in which the widest gap is at neither end."""
        return float(self.shares[1:-1].sum())


def valley(iid: Any, ood: Any, levels: Any, *, resamples: int = 4000, seed: int = 0) -> Valley:
    """The valley of scores at home and away. `iid`, `ood`: (units, levels); `levels`: (levels,) rising, at least three.

    An inner level is shown to exceed both ends when both one-sided paired sign-flip tests say so (the larger p counts:
    intersection-union); the least over inner levels is multiplied by their number (Bonferroni). Equal gaps: the lower level.
    """
    home, away = matrix(iid, "the iid scores", 2, 3), matrix(ood, "the shifted scores", 2, 3)
    if home.shape != away.shape:
        raise HeldoutError(f"scores of shapes {home.shape} and {away.shape}: give the same units and levels for both")
    at, table = rising(levels, home.shape[1]), home - away
    means, last = table.mean(axis=0), table.shape[1] - 1
    top = int(means.argmax())
    drawn = (resample.weights(len(table), resamples, seed) @ table).argmax(axis=1)
    shares = np.bincount(drawn, minlength=last + 1) / resamples
    inner = [max(_above(table, i, 0, seed), _above(table, i, last, seed)) for i in range(1, last)]
    depth = float(means[top] - max(means[0], means[last]))
    return Valley(means, float(at[top]), depth, shares, min(1.0, len(inner) * min(inner)))


def _above(table: np.ndarray, inner: int, end: int, seed: int) -> float:
    return paired(table[:, inner], table[:, end], alternative="greater", seed=seed).p
