"""Scores at rising scales, checked once at the door."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import sample


@dataclass(frozen=True, eq=False)
class Points:
    """`x`: (n,) positive scales in rising order. `y`: (n,) scores. Several scores may share a scale."""

    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    @property
    def scales(self) -> np.ndarray:
        """The different scales, rising."""
        return np.unique(self.x)

    @property
    def logs(self) -> np.ndarray:
        """(n,) natural logarithms of the scales."""
        return np.log(self.x)

    def below(self, scale: float) -> "Points":
        """Those at smaller scales."""
        return Points(self.x[self.x < scale], self.y[self.x < scale])

    def at(self, scale: float) -> "Points":
        """Those at one scale."""
        return Points(self.x[self.x == scale], self.y[self.x == scale])


def points(x: Any, y: Any) -> Points:
    """The pairs in order of scale; HeldoutError where a scale is not positive or there are none or unequal numbers."""
    scales, scores = sample(x, "the scales"), sample(y, "the scores")
    if len(scales) != len(scores):
        raise HeldoutError(f"{len(scales)} scales for {len(scores)} scores: give one scale for each score")
    if (scales <= 0).any():
        bad = scales[scales <= 0]
        raise HeldoutError(
            f"{len(bad)} of {len(scales)} scales are not positive (the first: {bad[0]:g}): scaling laws are about "
            "positive compute, data or size; leave those rows out"
        )
    order = np.argsort(scales, kind="stable")
    return Points(scales[order], scores[order])


def enough(given: Points, parameters: int, law: str) -> None:
    """Raise unless there are more scales than the law has parameters."""
    if len(given.scales) <= parameters:
        raise HeldoutError(
            f"{len(given.scales)} scales for the {parameters} parameters of {law}: it needs at least {parameters + 1}; "
            "fewer still allow the straight line (3) or the last value (1)"
        )
