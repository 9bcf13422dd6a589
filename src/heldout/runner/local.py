"""Batches one after the other in this process."""

import math
import time
from collections.abc import Callable, Iterator, Sequence

from heldout.core.errors import HeldoutError, first_line
from heldout.runner.batch import compiled, run
from heldout.runner.compiling import use_cache
from heldout.runner.event import Event, Report, Watch
from heldout.runner.plan import Batch
from heldout.store import Store


def execute(batches: Sequence[Batch], store: Store, watch: Watch, deadline: float = math.inf) -> Iterator[Report]:
    """Run the batches in order; one that fails is tried once more and then reported.

    After the deadline (by `time.monotonic`) no batch is begun.
    """
    use_cache()
    for batch in batches:
        if time.monotonic() > deadline:
            return
        name = batch.cell.name
        watch(Event("begin", batch.name, name, batch.units))

        def progress(share: float, batch: Batch = batch, name: str = name) -> None:
            watch(Event("progress", batch.name, name, batch.units, share))

        report = attempt(batch, store, progress)
        watch(Event("end", batch.name, name, batch.units, 1.0, report.error or ""))
        yield report


def attempt(batch: Batch, store: Store, progress: Callable[[float], None]) -> Report:
    """Run a batch, once more if it fails; what the user can mend is raised, all else is reported."""
    error = ""
    for _ in range(2):
        try:
            return run(batch, store, progress)
        except HeldoutError:
            raise
        except Exception as failure:  # an endpoint that is down must not stop the other cells
            error = f"{type(failure).__name__}: {first_line(failure)}"
            if isinstance(failure, TypeError | ValueError) and batch.cell.task.traced and compiled(batch.cell):
                raise HeldoutError(  # pure functions of arrays: nothing outside could have caused it
                    f"{batch.cell.name}: {error}: mend the shapes in the model, learner or task"
                ) from failure
    return Report(batch.name, batch.cell.digest, batch.units, 0.0, error=error)
