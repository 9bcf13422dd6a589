"""A training killed at any moment and taken up again gives what it would have given."""

from typing import Any

import numpy as np
import pytest
from made import Layered

import toys
from heldout.core import Probe, every
from heldout.core.cell import Cell
from heldout.probes.score import score
from heldout.runner import batch as runner
from heldout.runner import checkpoint, mode
from heldout.runner.asking import Rows
from heldout.runner.plan import Batch
from heldout.store import Store, open_store

BATCH = Batch(Cell(toys.halves, Layered(steps=40)), (0, 1), (Probe(score, at=every(10), n=50),))


class Killed(BaseException):
    """Not an error that anything catches."""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(mode, "choose", lambda *_: "vmap")


def records(store: Store) -> dict[str, list[Any]]:
    found = store.records([BATCH.cell.digest])
    order = np.lexsort([found["seed"], found["split"].astype(str), found["step"]])
    return {name: found[name][order].tolist() for name in ("step", "split", "seed", "value")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    store = open_store(tmp_path_factory.mktemp("undisturbed") / "store")
    runner.run(BATCH, store)
    found = records(store)
    assert sorted(set(found["step"])) == [10, 20, 30, 40]
    assert len(found["value"]) == 4 * 4 * 2
    return found


def killer(after: int) -> Any:
    calls = iter(range(10_000))

    def watch(_: float) -> None:
        if next(calls) == after:
            raise Killed

    return watch


@pytest.mark.parametrize("after", [0, 1, 9, 10, 11, 25, 39])
def test_a_run_killed_and_resumed_is_an_undisturbed_one(
    store: Store, undisturbed: dict[str, list[Any]], after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_advance", one_by_one)
    with pytest.raises(Killed):
        runner.run(BATCH, store, killer(after))
    assert not len(store.records([BATCH.cell.digest])["value"])
    begun: list[int] = []

    def spy(program: Any, states: Any, models: Any, span: tuple[int, int]) -> Any:
        begun.append(span[0])
        return one_by_one(program, states, models, span)

    monkeypatch.setattr(runner, "_advance", spy)
    runner.run(BATCH, store)
    assert begun[0] == after  # the step before the one under way was kept
    assert records(store) == undisturbed
    assert not list((store.folder / "checkpoints").iterdir())


def one_by_one(program: Any, states: Any, models: Any, span: tuple[int, int]) -> Any:
    for until in range(span[0] + 1, span[1] + 1):
        states = program.advance(states, models, until)
        yield until, states


def test_what_says_it_cannot_be_resumed_starts_again(store: Store) -> None:
    kept = checkpoint.Checkpoint(store.path("checkpoints", "one"), resumable=False)
    kept.offer({"a": np.zeros(2)}, 5, Rows())
    assert not kept.path.exists()
    checkpoint.Checkpoint(kept.path, resumable=True).offer({"a": np.ones(2)}, 5, Rows())
    states, done = kept.resume({"a": np.zeros(2)}, Rows())
    assert (done, states["a"].tolist()) == (-1, [0.0, 0.0])


def test_a_checkpoint_of_another_shape_or_cut_short_is_ignored(store: Store) -> None:
    kept = checkpoint.Checkpoint(store.path("checkpoints", "one"), resumable=True)
    kept.offer({"a": np.ones(2, np.float32)}, 5, Rows())
    assert kept.resume({"a": np.zeros(3, np.float32)}, Rows())[1] == -1
    assert kept.resume({"a": np.zeros(2, np.float32)}, Rows())[1] == 5
    kept.path.write_bytes(kept.path.read_bytes()[:40])
    assert kept.resume({"a": np.zeros(2, np.float32)}, Rows())[1] == -1


def test_a_training_goes_on_where_there_is_no_room_for_a_checkpoint(
    store: Store, undisturbed: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("heldout.runner.weights._write", full)
    runner.run(BATCH, store)
    assert records(store) == undisturbed
    assert not list((store.folder / "checkpoints").iterdir())


def test_checkpoints_are_not_made_more_often_than_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 1e6)
    kept = checkpoint.Checkpoint(store.path("checkpoints", "one"), resumable=True)
    kept.offer({"a": np.ones(2)}, 5, Rows())
    assert not kept.path.exists()
