"""Players that are ready to play, entered beside learners so that their matches count seed by seed as theirs do."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Entered:
    """A player as it is. Its one step does nothing: it makes the seed, not the match, the unit of inference."""

    player: Any
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "episode"
    steps: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the player's."""
        return self.label or str(self.player)

    def start(self, task: Any, key: Any) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()

    def advance(self, task: Any, state: tuple[()], until: int) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Any, state: tuple[()]) -> Any:  # noqa: ARG002
        """The player."""
        return self.player
