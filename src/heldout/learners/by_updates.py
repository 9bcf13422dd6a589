"""What learners that go update by update have in common."""

from typing import ClassVar


class ByUpdates:
    """Traced, and all that there is between two updates is their state. A subclass says its `version` and everything else."""

    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"
