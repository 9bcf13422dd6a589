"""A worker that dies takes no other batch with it."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from heldout.core.cell import grid
from heldout.core.discover import load
from heldout.runner.event import Event
from heldout.runner.plan import missing
from heldout.runner.pool import Pool, Worker, cores
from heldout.store import Store

STUDY = """
import os
from dataclasses import dataclass
from made import Far, Plain
from heldout.core import Budget, Paper, Study, score


@dataclass(frozen=True)
class Mortal(Plain):
    name: str = "mortal"

    def start(self, task, key):
        os._exit(7)


far, plain = Far(), Plain()
study = Study(
    Paper("deadly"), (far,), (plain, Mortal()), {"it comes far": score(far, plain) > 0.5}, budget=Budget(seeds=8)
)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="workers are pinned on Linux only")
def test_a_worker_that_dies_is_replaced_its_batch_tried_again_and_reported(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "deadly.py"
    path.write_text(STUDY)
    study, events = load(str(path)), list[Event]()
    cells = grid(study)
    batches = missing(cells, study, store, {c.digest: 8 for c in cells}, set())
    with Pool(str(path), str(store.folder), 1) as pool:
        reports = {r.batch: r for r in pool.execute(batches, events.append)}
    failed = [r for r in reports.values() if r.error]
    assert {r.error for r in failed} == {"its worker died (exit code 7)"}
    assert len(reports) == len(batches) == 4
    assert len(failed) == 2
    plain, mortal = (c.digest for c in sorted(cells, key=lambda c: c.learner.name, reverse=True))
    assert [len(store.runs([d])["seed"]) for d in (plain, mortal)] == [8, 0]
    begun = [e.batch for e in events if e.kind == "begin"]
    assert sorted(begun.count(b.name) for b in batches) == [1, 1, 2, 2]
    assert cores() == sorted(os.sched_getaffinity(0))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="workers are pinned on Linux only")
def test_a_worker_that_is_killed_while_idle_is_replaced(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "deadly.py"
    path.write_text(STUDY)
    study = load(str(path))
    cell = next(c for c in grid(study) if c.learner.name == "plain")
    batches = missing([cell], study, store, {cell.digest: 4}, set())
    with Pool(str(path), str(store.folder), 1) as pool:
        (worker,) = multiprocessing.active_children()
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        reports = list(pool.execute(batches, lambda _: None))
    assert [r.error for r in reports] == [None]


def test_a_worker_killed_in_the_middle_of_a_word_is_replaced(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "deadly.py"
    path.write_text(STUDY)
    study = load(str(path))
    cell = next(c for c in grid(study) if c.learner.name == "plain")
    batches = missing([cell], study, store, {cell.digest: 4}, set())

    class Cut:
        """A pipe whose other end dies after half a message."""

        def recv(self) -> None:
            raise OSError("got end of file during message")

    class Ended:
        """A process that was killed."""

        exitcode = -9

        def join(self) -> None: ...

    pool = Pool(str(path), str(store.folder), 0)
    pool._workers, pool._cores = [Worker(Ended(), Cut(), batches[0])], cores()[:1]  # pyright: ignore[reportArgumentType]
    pool._spawn = lambda core: Worker(None, None)  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]
    report = pool._hear(pool._workers[0], lambda _: None)
    assert report is not None
    assert report.error == "its worker died (exit code -9)"
