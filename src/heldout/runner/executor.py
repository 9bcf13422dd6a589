"""Who runs the batches: worker processes, one per core, this process, or a cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from heldout.runner.event import Report, Watch
from heldout.runner.plan import Batch
from heldout.store import Store


@dataclass(frozen=True)
class Place:
    """Where batches run: `workers` processes of this machine (one per core where 0), or `on` a Ray cluster."""

    workers: int = 0
    on: str = "local"


Execute = Callable[[Sequence[Batch]], Iterator[Report]]


@contextmanager
def executor(store: Store, watch: Watch, reference: str | None, place: Place, deadline: float) -> Iterator[Execute]:
    """A function that runs batches and yields what became of each.

    `reference`: where workers find the study. Without it, or with one worker here, all runs in this process. Workers start
    when the first batch does, and live as long as the context.
    """
    with ExitStack() as stack:
        running: list[Execute] = []

        def execute(batches: Sequence[Batch]) -> Iterator[Report]:
            if not running:
                running.append(stack.enter_context(_started(store, watch, reference, place, deadline)))
            return running[0](batches)

        yield execute


@contextmanager
def _started(store: Store, watch: Watch, reference: str | None, place: Place, deadline: float) -> Iterator[Execute]:
    from heldout.runner import local
    from heldout.runner.pool import Pool, cores

    if reference is not None and place.on != "local":
        from heldout.runner.cluster import Cluster

        with Cluster(reference, store.where, place.on) as cluster:
            yield lambda batches: cluster.execute(batches, watch, deadline)
        return
    count = place.workers or len(cores())
    if reference is None or count == 1:
        yield partial(_in_turn, local.execute, store, watch, deadline)
        return
    with Pool(reference, store.where, count) as pool:
        yield lambda batches: pool.execute(batches, watch, deadline)


def _in_turn(
    run: Callable[..., Iterator[Report]], store: Store, watch: Watch, deadline: float, batches: Sequence[Batch]
) -> Iterator[Report]:
    return run(batches, store, watch, deadline)
