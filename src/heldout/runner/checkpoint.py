"""The state of a long training, kept from time to time, so that a killed one goes on where it was."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.runner import weights
from heldout.runner.asking import Rows

EVERY = 30.0
"""Seconds of training between two checkpoints."""


@dataclass
class Checkpoint:
    """A file beside the store's batches; absent for trainings that end before the first one is due."""

    path: Path
    resumable: bool
    last: float = field(default_factory=time.monotonic)

    def resume(self, states: Any, rows: Rows) -> tuple[Any, int]:
        """The kept states, their step and the records up to it; the given states and -1 where nothing fits."""
        if not (self.resumable and self.path.exists()):
            return states, -1
        found = weights.noted(states, self.path)
        if found is None:
            return states, -1
        kept, notes = found
        rows.records.update(notes["records"])
        rows.diverged.update(notes["diverged"])
        return kept, int(notes["step"])

    def offer(self, states: Any, step: int, rows: Rows) -> None:
        """Keep the states if the last checkpoint is long ago; probes due at this step must have been taken.

        Where there is no room for them the training goes on without: its records are smaller, and may still find some.
        """
        if not self.resumable or rows.items or time.monotonic() - self.last < EVERY:
            return
        with suppress(HeldoutError):
            weights.save(states, self.path, {"step": step, "records": rows.records, "diverged": sorted(rows.diverged)})
        self.last = time.monotonic()

    def remove(self) -> None:
        """Forget it: the batch is finished."""
        self.path.unlink(missing_ok=True)
