"""A task and a system that are known by their records alone."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample


@dataclass(frozen=True)
class RecordedTask:
    """A task that somebody else's code measured. Its name alone tells it from others."""

    name: str
    splits: tuple[Split, ...] = field(default=(), compare=False)
    bounds: tuple[float, float] = field(default=(0.0, 1.0), compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    chance: ClassVar[float] = 0.0

    def trials(self, *_: Any) -> Outcomes:
        """Nothing can be asked of records."""
        raise TypeError(f"task {self.name!r} was recorded: nothing more can be asked about it")

    def samples(self, *_: Any) -> list[Sample]:
        """None."""
        return []

    def oracle(self) -> None:
        """None."""


@dataclass(frozen=True)
class RecordedSystem:
    """A system that somebody else's code trained; a seed is a run of it."""

    name: str

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = False
    step_unit: ClassVar[str] = "step"
    steps: ClassVar[int] = 1

    def start(self, *_: Any) -> None:
        """Nothing can be trained again."""
        raise TypeError(f"system {self.name!r} was recorded: it cannot be trained here")

    advance = start
    model = start
