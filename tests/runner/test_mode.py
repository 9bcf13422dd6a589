from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import toys
from heldout.core import Probe
from heldout.core.cell import Cell
from heldout.probes.score import score
from heldout.runner import batch, mode
from heldout.runner.plan import Batch
from heldout.store import Store

CELL = Cell(toys.halves, toys.search)
UNITS = (0, 1, 2, 3)


def test_a_single_seed_needs_no_choice_and_plain_python_has_none() -> None:
    assert mode.choose(CELL, (0,), ()) == "map"
    assert mode.choose(Cell(toys.sums, toys.adder), UNITS, ()) == "loop"


@pytest.mark.parametrize(("slow", "wanted"), [("vmap", "map"), ("map", "vmap")])
def test_the_faster_one_is_chosen(slow: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mode, "_steps_per_second", lambda _, tried, *__: 1.0 if tried == slow else 2.0)
    assert mode.choose(CELL, UNITS, ()) == wanted


def test_tasks_of_one_kind_are_timed_once_for_a_learner(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    timed: list[Cell] = []
    monkeypatch.setattr(mode, "choose", lambda cell, *_: timed.append(cell) or ("map" if len(timed) == 1 else "vmap"))
    other = replace(CELL, task=replace(CELL.task, middle=0.25))
    longer = replace(CELL, learner=replace(CELL.learner, steps=9))
    assert [mode.settled(store, c, UNITS, ()) for c in (CELL, other, CELL, longer)] == ["map", "map", "map", "vmap"]
    assert timed == [CELL, longer]
    assert mode.settled(store, replace(CELL, task=replace(CELL.task, middle=0.2)), UNITS[:2], ()) == "vmap"
    assert mode.settled(store, other, UNITS[:2], ()) == "map"


def test_both_are_timed_on_real_steps() -> None:
    assert mode._steps_per_second(CELL, "vmap", UNITS, ()) > 0
    assert mode._steps_per_second(CELL, "map", UNITS, ()) > 0


def test_a_choice_is_made_once_and_whoever_comes_later_keeps_to_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mode, "choose", lambda *_: "map")
    assert mode.settled(store, CELL, UNITS, ()) == "map"
    monkeypatch.setattr(mode, "choose", lambda *_: pytest.fail("timed again"))
    assert mode.settled(store, CELL, UNITS, ()) == "map"
    kept = {p.name for p in (store.folder / "modes").iterdir()}
    assert kept == {f"{CELL.digest}.txt", f"{mode._family(CELL, len(UNITS))}.txt"}


def test_of_two_processes_that_choose_at_once_the_first_wins(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(*_: Any) -> str:
        store.path("modes", f"{CELL.digest}.txt").write_text("vmap")  # meanwhile the other one is done
        return "map"

    monkeypatch.setattr(mode, "choose", choose)
    assert mode.settled(store, CELL, UNITS, ()) == "vmap"


def test_a_store_whose_first_batch_says_how_it_was_run_is_believed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mode, "choose", lambda *_: "map")
    batch.run(Batch(CELL, (0, 1), (Probe(score, n=20),)), store)
    store.path("modes", f"{CELL.digest}.txt").unlink()
    monkeypatch.setattr(mode, "choose", lambda *_: pytest.fail("timed again"))
    batch.run(Batch(CELL, (2, 3), (Probe(score, n=20),)), store)
    assert set(store.runs([CELL.digest])["mode"]) == {"map"}


@pytest.mark.parametrize("text", ["", "half a wo"])
def test_a_choice_that_a_crash_left_without_its_word_is_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    store.path("modes", f"{CELL.digest}.txt").write_text(text)
    monkeypatch.setattr(mode, "choose", lambda *_: "map")
    assert mode.settled(store, CELL, UNITS, ()) == "map"
    monkeypatch.setattr(mode, "choose", lambda *_: pytest.fail("timed again"))
    assert mode.settled(store, CELL, UNITS, ()) == "map"


def test_what_was_chosen_is_kept_though_a_clock_makes_a_later_batch_the_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mode, "choose", lambda *_: "vmap")
    assert mode.settled(store, CELL, UNITS, ()) == "vmap"
    monkeypatch.setattr("heldout.runner.batch.settled", lambda *_: "map")  # as where kept models are only probed
    batch.run(Batch(CELL, (0, 1), (Probe(score, n=20),)), store)
    assert mode.settled(store, CELL, UNITS, ()) == "vmap"


def test_models_are_stacked_reference_by_reference() -> None:
    first, second = mode.stacked([[np.zeros(2), np.ones(2)], [np.zeros(()), np.ones(())]])
    assert (first.shape, second.shape) == ((2, 2), (2,))
