"""One long-lived worker per core: spawned, pinned, single-threaded; paths and names go to it, never arrays."""

import math
import multiprocessing as mp
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from heldout.core.cell import Cell, grid
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.probe import Probe
from heldout.runner.event import Event, Report, Watch
from heldout.runner.plan import Batch, probes
from heldout.store import Store, open_store

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """A batch as a worker gets it: plain values, from which it finds cell and probes in its own copy of the study."""

    cell: str
    units: tuple[int, ...]
    probes: tuple[str, ...]
    keep: bool
    size: int
    until: int | None


@dataclass
class Worker:
    """A process on one core, the pipe to it, what it works on and what it has compiled."""

    process: Any
    pipe: Connection
    batch: Batch | None = None
    seen: set[str] = field(default_factory=set)
    tries: int = 0


def cores() -> list[int]:
    """The cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


class Pool:
    """Workers that run batches of one study; use it as a context manager."""

    def __init__(self, study: str, store: str, workers: int) -> None:
        self._study, self._store = study, store
        self._cores = cores()[:workers]
        self._workers: list[Worker] = []

    def __enter__(self) -> "Pool":
        self._workers = [self._spawn(core) for core in self._cores]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()

    def execute(self, batches: Sequence[Batch], watch: Watch, deadline: float = math.inf) -> Iterator[Report]:
        """Run the batches, each on the next idle worker (one that has compiled its program first).

        After the deadline (by `time.monotonic`) no batch is begun; those under way are finished.
        """
        waiting, retried = list(batches), set[str]()
        while True:
            if time.monotonic() > deadline:
                waiting.clear()
            if not waiting and not any(w.batch for w in self._workers):
                return
            for worker in self._workers:
                if worker.batch is None and waiting:
                    self._give(worker, waiting, watch)
            for pipe in wait([w.pipe for w in self._workers if w.batch]):
                worker = next(w for w in self._workers if w.pipe is pipe)
                report = self._hear(worker, watch)
                if report is None:
                    continue
                if report.error and report.batch not in retried:  # infrastructure: once more
                    retried.add(report.batch)
                    waiting.insert(0, next(b for b in batches if b.name == report.batch))
                    continue
                yield report

    def _give(self, worker: Worker, waiting: list[Batch], watch: Watch) -> None:
        known = next((b for b in waiting if b.cell.digest in worker.seen), None)
        fresh = next((b for b in waiting if not any(b.cell.digest in w.seen for w in self._workers)), None)
        batch = known or fresh or waiting[0]
        waiting.remove(batch)
        worker.batch = batch
        worker.seen.add(batch.cell.digest)
        taken = tuple(digest(p) for p in batch.probes)
        job = Job(batch.cell.digest, batch.units, taken, batch.keep, batch.size, batch.until)
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it died while it was idle, which is noticed when it is listened to
            worker.pipe.send(job)
        watch(Event("begin", batch.name, batch.cell.name, batch.units))

    def _hear(self, worker: Worker, watch: Watch) -> Report | None:
        batch = worker.batch
        if batch is None:
            return None
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):  # killed: before it said anything, or in the middle of it
            index = self._workers.index(worker)
            worker.process.join()
            code = worker.process.exitcode
            self._workers[index] = self._spawn(self._cores[index])
            error = f"its worker died (exit code {code})"
            return Report(batch.name, batch.cell.digest, batch.units, 0.0, error=error)
        if isinstance(message, float):
            watch(Event("progress", batch.name, batch.cell.name, batch.units, message))
            return None
        if isinstance(message, str):
            raise HeldoutError(message)
        worker.batch = None
        watch(Event("end", batch.name, batch.cell.name, batch.units, 1.0, message.error or ""))
        return message

    def _spawn(self, core: int) -> Worker:
        context = mp.get_context("spawn")
        ours, theirs = context.Pipe()
        before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))
        try:
            process = context.Process(target=work, args=(theirs, core, self._study, self._store), daemon=True)
            process.start()
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        theirs.close()
        return Worker(process, ours)


def work(pipe: Connection, core: int, reference: str, folder: str) -> None:
    """The life of a worker: pin itself, import the study once, then run what it is sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    desk: Desk | None = None
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        try:
            desk = desk or Desk.at(reference, folder)
            pipe.send(desk.run(job, pipe.send))
        except HeldoutError as error:
            pipe.send(str(error))
        except (BrokenPipeError, KeyboardInterrupt):
            return


@dataclass(frozen=True)
class Desk:
    """What a worker has before it: the study's cells and probes by digest, and the store."""

    reference: str
    cells: Mapping[str, Cell]
    probes: Mapping[str, Probe]
    store: Store

    @classmethod
    def at(cls, reference: str, folder: str) -> "Desk":
        """Import the study and open the store."""
        from heldout.core.discover import load
        from heldout.runner.compiling import use_cache

        use_cache()
        study = load(reference)
        cells = {c.digest: c for c in grid(study)}
        return cls(reference, cells, {digest(p): p for p in probes(study)}, open_store(folder))

    def run(self, job: Job, progress: Callable[[float], None]) -> Report:
        """Run the batch that a job describes."""
        from heldout.runner.local import attempt

        if job.cell not in self.cells:
            raise HeldoutError(
                f"{self.reference} has changed since the run began, or holds another study: run it again"
            )
        taken = tuple(self.probes[d] for d in job.probes)
        return attempt(
            Batch(self.cells[job.cell], job.units, taken, job.keep, job.size, job.until), self.store, progress
        )
