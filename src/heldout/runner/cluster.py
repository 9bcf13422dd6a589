"""Batches on a Ray cluster (Moritz et al., 2018): one task each, on as many machines as there are, into one shared store."""

import fcntl
import math
import os
import queue
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from heldout.core.background import background
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError, first_line
from heldout.core.extras import missing
from heldout.runner.event import Event, Report, Watch
from heldout.runner.plan import Batch
from heldout.runner.pool import THREADS, Desk, Job, cores

SCHEME = "ray"
RETRIES = 3
"""How often a batch is begun anew that failed, or whose worker or machine was lost."""

PATIENCE = 15.0
"""Seconds for which a cluster's head may not answer. Ray itself would end the process after a minute, without a word of ours."""

AHEAD = 2
"""Batches submitted per core: enough that no core waits, few enough that a deadline is kept."""


def address(on: str) -> str | None:
    """The cluster that `ray` (any that runs here, else one of this machine's own) or `ray://HOST:PORT` names."""
    if on == SCHEME:
        return None
    scheme, _, where = on.partition("://")
    host, _, port = where.rpartition(":")
    if scheme != SCHEME or not host or not port.isdigit():
        raise HeldoutError(
            f"--on {on}: write local, ray, or ray://HOST:PORT with the port that `ray start --head` names"
        )
    return where


class Cluster:
    """A connection to a cluster, for the batches of one study; use it as a context manager."""

    def __init__(self, study: str, store: str, on: str) -> None:
        self._study, self._store, self._address = _absolute(study), store, address(on)
        self._asked = self._answered = time.monotonic()
        self._lost = False
        self._begun, self._noted = set[Any](), set[str]()

    def __enter__(self) -> "Cluster":
        self._ray = _package()
        variables = dict.fromkeys(THREADS, "1") | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        self._stack = ExitStack()
        self._stack.enter_context(redirect_stdout(sys.stderr))  # where Ray says what died; stdout is the report's
        _reached(self._address)
        runtime = {"env_vars": variables}
        self._ray.init(address=self._address, runtime_env=runtime, log_to_driver=False, logging_level="ERROR")
        self._work = self._ray.remote(max_retries=0, num_returns="streaming")(work)  # what is lost is begun anew here
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()
        self._stack.close()

    @property
    def cores(self) -> int:
        """The cores of the whole cluster, as far as Ray may use them."""
        return max(1, int(self._ask(self._ray.cluster_resources).get("CPU", 1)))

    def execute(self, batches: Sequence[Batch], watch: Watch, deadline: float = math.inf) -> Iterator[Report]:
        """Run the batches wherever there is room, cells in order; after the deadline no batch is begun.

        A batch whose worker or machine is lost is begun anew elsewhere; one that fails in the end is reported.
        """
        waiting, running, tries = list(batches), dict[Any, Batch](), Counter[str]()
        try:
            while waiting or running:
                self._answering()
                if time.monotonic() > deadline:
                    waiting.clear()
                    self._withdraw([stream for stream in running if stream not in self._begun], running)
                while waiting and len(running) < AHEAD * self.cores:
                    batch = waiting.pop(0)
                    running[self._submitted(batch, watch)] = batch
                for report in self._heard(running, watch):
                    tries[report.batch] += 1
                    if report.error and tries[report.batch] <= RETRIES:
                        waiting.insert(0, next(b for b in batches if b.name == report.batch))
                    else:
                        yield report
        finally:
            if not self._lost:
                self._withdraw(list(running), running)

    def _withdraw(self, streams: Sequence[Any], running: dict[Any, Batch]) -> None:
        for stream in streams:
            del running[stream]
            with suppress(Exception):
                self._ray.cancel(stream, force=True)

    def _ask(self, call: Callable[[], Any]) -> Any:
        """What a call gives that asks the head: it waits in a thread of its own, as long as the head answers."""
        answer = background(call)
        while True:
            try:
                return answer.result(timeout=1.0)
            except TimeoutError:
                if answer.done():
                    raise
                self._answering()

    def _answering(self) -> None:
        """HeldoutError where the head has not answered for a while."""
        now = time.monotonic()
        if self._address is None or now < self._asked + PATIENCE / 5:
            return
        self._asked = now
        try:
            _reached(self._address)
            self._answered = now
        except HeldoutError as error:
            if now > self._answered + PATIENCE:
                self._lost = True
                raise HeldoutError(
                    f"the Ray cluster at {self._address} no longer answers: what it finished is in the store, and the same "
                    "command goes on from there"
                ) from error

    def _submitted(self, batch: Batch, watch: Watch) -> Any:
        taken = tuple(digest(p) for p in batch.probes)
        job = Job(batch.cell.digest, batch.units, taken, batch.keep, batch.size, batch.until)
        asked = _resources(batch.cell.learner)
        self._note_what_is_missing(batch.cell.learner.name, asked, watch)
        task = self._work.options(**asked)
        return self._ask(lambda: task.remote(self._study, self._store, job))

    def _note_what_is_missing(self, name: str, asked: Mapping[str, Any], watch: Watch) -> None:
        """Say, once, that no machine of the cluster has what a learner asks for, if so: Ray waits until there is one."""
        if name in self._noted:
            return
        self._noted.add(name)
        names = {"num_cpus": "CPU", "num_gpus": "GPU", "memory": "memory"}
        machines = [node["Resources"] for node in self._ask(self._ray.nodes) if node["Alive"]]
        if not any(all(have.get(names[what], 0) >= amount for what, amount in asked.items()) for have in machines):
            wanted = ", ".join(f"{amount:g} {names[what]}" for what, amount in asked.items())
            text = f"learner {name!r} asks for {wanted}, which no machine of the cluster has so far: its batches wait for one"
            watch(Event("note", text=text))

    def _heard(self, running: dict[Any, Batch], watch: Watch) -> Iterator[Report]:
        """What the running batches say within half a second."""
        try:
            ready, _ = self._ray.wait(list(running), timeout=0.5)
            said = [(stream, self._message(stream, running[stream])) for stream in ready]
        except OSError as error:  # the node that this process is attached to
            self._lost = True
            raise HeldoutError(
                f"this machine's Ray node was lost ({first_line(error)}): what was finished is in the store, and the same command "
                "goes on from there"
            ) from error
        for stream, message in said:
            batch = running[stream]
            if stream not in self._begun:
                self._begun.add(stream)
                watch(Event("begin", batch.name, batch.cell.name, batch.units))
            if isinstance(message, str):
                raise HeldoutError(message)
            if not isinstance(message, Report):
                watch(Event("progress", batch.name, batch.cell.name, batch.units, message))
                continue
            del running[stream]
            self._begun.discard(stream)
            report = replace(message, batch=batch.name)
            watch(Event("end", batch.name, batch.cell.name, batch.units, 1.0, report.error or ""))
            yield report

    def _message(self, stream: Any, batch: Batch) -> float | Report | str:
        """What a batch says next."""
        error = "its worker said nothing"
        try:
            return self._ray.get(next(stream))
        except StopIteration:
            pass
        except self._ray.exceptions.RayError as lost:
            error = f"its worker was lost: {first_line(lost)}"
        return Report(batch.name, batch.cell.digest, batch.units, 0.0, error=error)


def work(study: str, store: str, job: Job) -> Iterator[float | Report | str]:
    """One batch on a worker: shares of it that are done, then what became of it, or what the user can mend."""
    _pinned()
    said: queue.Queue[float | Report | str] = queue.Queue()

    def run() -> None:
        try:
            said.put(_desk(study, store).run(job, said.put))
        except HeldoutError as error:
            said.put(str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - else the stream would never end
            said.put(Report("", job.cell, job.units, 0.0, error=f"{type(error).__name__}: {error}"))

    yield 0.0  # it has begun
    threading.Thread(target=run, daemon=True).start()
    while True:
        message = said.get()
        yield message
        if not isinstance(message, float):
            return


@lru_cache(maxsize=4)
def _desk(study: str, store: str) -> Desk:
    """The study as a worker has it: kept between batches, and with it what was compiled."""
    return Desk.at(study, store)


@lru_cache(maxsize=1)
def _pinned() -> Any:
    """Keep this process, which asked for one core, on one that no other worker of this machine keeps to.

    On one core the compiled programs run in one thread, as they do in a local run, and give the same bits.
    """
    import ray

    if ray.get_runtime_context().get_assigned_resources().get("CPU", 1) != 1 or not hasattr(os, "sched_setaffinity"):
        return None
    for core in cores():
        place = (Path(gettempdir()) / f"heldout-core-{os.getuid()}-{core}").open("w")
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            place.close()
            continue
        os.sched_setaffinity(0, {core})
        return place  # open, and locked, for as long as the process lives
    return None


def _resources(learner: Any) -> Mapping[str, Any]:
    """What a learner asks for, as Ray has it: its `resources`, such as {"cpus": 2, "gpus": 1, "memory": 4e9} in bytes."""
    asked = dict(getattr(learner, "resources", {}))
    names: dict[str, str] = {"cpus": "num_cpus", "gpus": "num_gpus", "memory": "memory"}
    if unknown := sorted(set(asked) - set(names)):
        raise HeldoutError(f"learner {learner.name!r} asks for {unknown[0]!r}: resources are cpus, gpus and memory")
    return {"num_cpus": 1} | {names[name]: amount for name, amount in asked.items()}


def _reached(where: str | None) -> None:
    """HeldoutError where nothing listens at an address: Ray itself would wait for minutes."""
    if where is None:
        return
    host, _, port = where.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=10.0).close()
    except OSError as error:
        raise HeldoutError(
            f"there is no Ray cluster at {where} ({error.strerror or error}): start one with `ray start --head`, or give "
            "another address"
        ) from error


def _absolute(study: str) -> str:
    """A study that workers find from any folder."""
    where, colon, attribute = study.rpartition(":")
    return f"{Path(where).resolve()}{colon}{attribute}" if where.endswith(".py") else study


def _package() -> Any:
    try:
        import ray
        import ray.exceptions
    except ModuleNotFoundError as error:
        raise HeldoutError(missing("a cluster", error)) from error
    return ray
