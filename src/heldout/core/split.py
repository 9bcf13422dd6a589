"""A named part of a task's instances."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Split:
    """`train`, `iid`, or one level of one named shift.

    `axis` names the shift (length, corruption, dynamics ...), `level` orders the splits along it (None: unordered),
    `group` names a family on the axis (the corruption type, the domain). Learners draw from `train=True` splits only.
    """

    name: str
    axis: str | None = None
    level: float | None = None
    group: str | None = None
    train: bool = False


TRAIN = Split("train", train=True)
IID = Split("iid")


@dataclass(frozen=True)
class At:
    """The splits of one axis at one level, in one group, or both."""

    axis: str
    level: float | None = None
    group: str | None = None

    def __str__(self) -> str:
        level = None if self.level is None else f"{self.level:g}"
        parts = [p for p in (self.group, level) if p is not None]
        return f"{self.axis}[{', '.join(parts)}]"


Where = str | At


def select(splits: Sequence[Split], where: Where) -> tuple[Split, ...]:
    """The splits that `where` means: the split or the axis of that name, or what an `At` admits; empty if none."""
    if isinstance(where, At):
        return tuple(
            s
            for s in splits
            if s.axis == where.axis
            and (where.level is None or s.level == where.level)
            and (where.group is None or s.group == where.group)
        )
    return tuple(s for s in splits if s.name == where) or tuple(s for s in splits if s.axis == where)


def axes(splits: Sequence[Split]) -> tuple[str, ...]:
    """The names of the shifts, in order of appearance."""
    return tuple(dict.fromkeys(s.axis for s in splits if s.axis is not None))
