"""What is measured on a live model, on which splits, at which steps."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.core.task import Outcomes


@dataclass(frozen=True)
class Snapshot:
    """A learner's state at one step, as a probe sees it."""

    task: Any
    learner: Any
    state: Any
    model: Any
    step: int


ProbeFunction = Callable[[Snapshot, Split, Key, int], "Outcomes | Mapping[str, Any]"]
"""(snapshot, split, key, n) to per-instance outcomes, or to named numbers."""


@dataclass(frozen=True)
class Last:
    """Once, when training has ended."""

    def steps(self, end: int) -> tuple[int, ...]:
        """The steps at which to measure a training of `end` steps."""
        return (end,)


@dataclass(frozen=True)
class Every:
    """At steps k, 2k, 3k ... and at the end."""

    k: int

    def steps(self, end: int) -> tuple[int, ...]:
        """The steps at which to measure a training of `end` steps."""
        return tuple(sorted({*range(self.k, end + 1, self.k), end}))


@dataclass(frozen=True)
class LogSpaced:
    """At `n` steps spread evenly in the logarithm between `first` and `until`, and at the end."""

    first: int
    until: int
    n: int

    def steps(self, end: int) -> tuple[int, ...]:
        """The steps at which to measure a training of `end` steps."""
        low, high = math.log(self.first), math.log(self.until)
        grid = {round(math.exp(low + (high - low) * i / max(self.n - 1, 1))) for i in range(self.n)}
        return tuple(sorted({s for s in grid if s <= end} | {end}))


Schedule = Last | Every | LogSpaced


def last() -> Last:
    """Once, when training has ended."""
    return Last()


def every(k: int) -> Every:
    """At steps k, 2k, 3k ... and at the end."""
    return Every(k)


def log_spaced(first: int, until: int, n: int) -> LogSpaced:
    """At `n` steps spread evenly in the logarithm, and at the end."""
    return LogSpaced(first, until, n)


@dataclass(frozen=True)
class Probe:
    """A function of a live model, and when and where it is taken.

    `on`: names of splits or axes, `"*"` for every shift. `n`: instances per split. `items=True` keeps the outcome of
    every instance, not only their mean.
    """

    function: ProbeFunction
    on: tuple[str, ...] = ("train", "iid", "*")
    at: Schedule = Last()
    n: int = 1000
    items: bool = False

    @property
    def name(self) -> str:
        """The function's name: the first part of every metric that it yields."""
        return getattr(self.function, "__name__", type(self.function).__name__)

    def splits(self, task: Any) -> tuple[Split, ...]:
        """The splits of a task on which this probe is taken."""
        return tuple(
            s
            for s in task.splits
            if s.name in self.on
            or (s.axis is not None and (s.axis in self.on or "*" in self.on))
            or (s.train and "train" in self.on)
        )
