"""An axis read as a curve of the score over its levels: how steeply it falls, and where it has halved."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from heldout.core.claim import AllOf, compare
from heldout.core.errors import HeldoutError
from heldout.core.measure import Bounds, Measure, Score
from heldout.core.split import At, Where, axes, select


@dataclass(frozen=True)
class Slope(Measure):
    """The least-squares change of the score per unit of an axis's level, unit by unit."""

    task: Any
    learner: Any
    axis: Where

    def __post_init__(self) -> None:
        if self.levels is not None and len(self.levels) < 2:
            raise HeldoutError(f"`{self.text}`: a slope takes two levels, and {self.axis!s} has {len(self.levels)}")

    @cached_property
    def levels(self) -> tuple[float, ...] | None:
        """The levels of the axis, rising; None where the task has no such axis (which is for the study to say)."""
        return _levels(self.task, self.axis)

    @property
    def weights(self) -> tuple[float, ...]:
        """What the score at each level counts; they sum to 0."""
        levels = self.levels or (0.0, 1.0)
        centre = math.fsum(levels) / len(levels)
        square = math.fsum((x - centre) ** 2 for x in levels)
        return tuple((x - centre) / square for x in levels)

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The score at every level, groups equally."""
        return _scores(self.task, self.learner, self.axis, self.levels)

    @property
    def bounds(self) -> Bounds:
        """From falling to rising between the bounds of the score as steeply as can be."""
        low, high = Score(self.task, self.learner).bounds
        rise = math.fsum(w for w in self.weights if w > 0) * (high - low)
        return -rise, rise

    @property
    def centre(self) -> float | None:
        """0 where levels lie evenly about their middle: then reversing their order changes the sign, and only then."""
        weights = self.weights
        even = all(math.isclose(a, -b, abs_tol=1e-12) for a, b in zip(weights, reversed(weights), strict=True))
        return 0.0 if even else None

    @property
    def text(self) -> str:
        """Such as `slope(digits, cnn, noise)`."""
        return f"slope({self.task.name}, {self.learner.name}, {self.axis})"


@dataclass(frozen=True)
class Halving(Measure):
    """The level of an axis at which the score is down to `share` of the iid score; censored where it never is.

    The iid instances count as level `start`; straight lines join the levels, and the first crossing counts. `floor`: a score
    that means nothing was learnt; the share is of the height above it.
    """

    task: Any
    learner: Any
    axis: Where
    start: float
    share: float = 0.5
    floor: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 < self.share < 1.0 or not math.isfinite(self.floor):
            raise HeldoutError(f"`{self.text}`: give a share strictly between 0 and 1, and a finite floor")
        if self.levels is None:
            return
        if not self.levels or not self.start < self.levels[0]:
            lowest = f"the lowest level, {self.levels[0]:g}" if self.levels else "some level, and the axis has none"
            raise HeldoutError(f"`{self.text}`: start is the level of iid instances and must lie below {lowest}")
        from heldout.core.cell import unit  # cells are made from measures

        if any(unit(leaf) == "item" for leaf in self.leaves()):
            raise HeldoutError(f"`{self.text}`: one item does not halve; claim something of its score at a level")

    @cached_property
    def levels(self) -> tuple[float, ...] | None:
        """The levels of the axis, rising; None where the task has no such axis (which is for the study to say)."""
        return _levels(self.task, self.axis)

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The iid score, then the score at every level, groups equally."""
        return Score(self.task, self.learner), *_scores(self.task, self.learner, self.axis, self.levels)

    @property
    def bounds(self) -> Bounds:
        """From the level of iid instances; censored units lie beyond the last level."""
        return self.start, math.inf

    @property
    def text(self) -> str:
        """Such as `halving(digits, cnn, noise, 0)`."""
        share = f", share={self.share:g}" if self.share != 0.5 else ""
        floor = f", floor={self.floor:g}" if self.floor else ""
        return f"halving({self.task.name}, {self.learner.name}, {self.axis}, {self.start:g}{share}{floor})"


def slope(task: Any, learner: Any, axis: Where) -> Slope:
    """The least-squares change of the score per unit of an axis's level: negative where it falls."""
    return Slope(task, learner, axis)


def halving(task: Any, learner: Any, axis: Where, start: float, *, share: float = 0.5, floor: float = 0.0) -> Halving:
    """The level at which the score is down to `share` of the iid score, which stands at level `start`."""
    return Halving(task, learner, axis, float(start), float(share), float(floor))


def hardest(task: Any, learner: Any, axis: str) -> AllOf:
    """The claim that the score is lower on this axis than on each other axis of the task."""
    others = [a for a in axes(task.splits) if a != axis]
    if axis not in axes(task.splits) or not others:
        known = ", ".join(axes(task.splits)) or "none"
        raise HeldoutError(f"hardest({task.name}, {learner.name}, {axis}): name one of several axes; there is {known}")
    here = Score(task, learner, axis)
    return AllOf(tuple(compare(Score(task, learner, other), here, 1) for other in others), "hardest")


def _levels(task: Any, axis: Where) -> tuple[float, ...] | None:
    splits = select(task.splits, axis)
    if not splits:
        return None
    levels = {float(s.level) for s in splits if s.level is not None}
    groups = {level: {s.group for s in splits if s.level == level} for level in levels}
    if len({frozenset(g) for g in groups.values()}) > 1:
        raise HeldoutError(
            f"the groups of {axis!s} have different levels: a curve takes one group, At(axis, group=...)"
        )
    return tuple(sorted(levels))


def _scores(task: Any, learner: Any, axis: Where, levels: tuple[float, ...] | None) -> tuple[Measure, ...]:
    if levels is None:
        return (Score(task, learner, axis),)
    name, group = (axis.axis, axis.group) if isinstance(axis, At) else (axis, None)
    return tuple(Score(task, learner, At(name, level, group)) for level in levels)
