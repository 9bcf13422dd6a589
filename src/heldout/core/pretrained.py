"""A finished model as a learner that has nothing left to learn."""

from dataclasses import dataclass
from typing import Any, ClassVar

from heldout.core.seeds import Key


@dataclass(frozen=True)
class Pretrained:
    """The model of another cell, asked as it is: how one is scored on a task other than its own.

    `source` is a `Trained`; the runner puts the live model of the same seed in its place.
    """

    source: Any
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"
    steps: ClassVar[int] = 0

    @property
    def name(self) -> str:
        """The name of the learner that trained it."""
        return f"{self.source.learner.name} of {self.source.task.name}"

    def start(self, task: Any, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()

    def advance(self, task: Any, state: tuple[()], until: int) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Any, state: tuple[()]) -> Any:  # noqa: ARG002
        """The model."""
        return self.source
