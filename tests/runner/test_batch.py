from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made import Against, Broken, Far, Hidden, Onwards, Plain

import toys
from heldout.core import HeldoutError, Pretrained, Probe, Snapshot, Trained, digest, every
from heldout.core.cell import Cell
from heldout.probes.score import score
from heldout.runner import batch as runner
from heldout.runner import mode
from heldout.runner.plan import Batch
from heldout.store import Store

SCORE = Probe(score, n=50)
BASE = Cell(toys.halves, toys.Search(steps=20))


def guess(snapshot: Snapshot, split: Any, key: Any, n: int) -> dict[str, Any]:
    return {"value": snapshot.model}


def far_guess(snapshot: Snapshot, split: Any, key: Any, n: int) -> dict[str, Any]:
    return {"came": snapshot.model["came"], "seed": snapshot.model["seed"].low}


GUESS = Probe(guess, on=("iid",))


@pytest.fixture(autouse=True)
def untimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mode, "choose", lambda *_: "map")


def run(store: Store, cell: Cell, units: tuple[int, ...] = (0, 1), *probes: Probe, keep: bool = False) -> Any:
    return runner.run(Batch(cell, units, probes or (SCORE,), keep), store)


def values(store: Store, cell: Cell, probe: str = "score", split: str = "iid") -> dict[tuple[int, int], float]:
    """By (seed, step)."""
    found = store.records([cell.digest])
    rows = zip(found["seed"], found["step"], found["probe"], found["split"], found["value"], strict=True)
    return {(int(s), int(t)): v for s, t, p, where, v in rows if (p, where) == (probe, split)}


def test_a_batch_is_trained_probed_and_written(store: Store) -> None:
    told: list[float] = []
    report = runner.run(Batch(BASE, (0, 1), (SCORE,)), store, told.append)
    assert (report.units, report.diverged, report.error) == ((0, 1), 0, None)
    assert store.done([BASE.digest]) == {BASE.digest: {digest(SCORE): {0, 1}}}
    assert len(store.records([BASE.digest])["value"]) == 2 * len(toys.halves.splits)
    assert told == sorted(told)
    runs = store.runs([BASE.digest])
    assert set(runs["status"]) == {"ok"}
    assert set(runs["mode"]) == {"map"}
    _, rows = store.query("select name, kind, low, high from specs order by kind")
    assert rows == [("search", "learner", None, None), ("halves", "task", 0.0, 1.0)]


def test_probes_are_taken_when_they_say_and_at_the_end(store: Store) -> None:
    run(store, BASE, (0, 1), Probe(guess, on=("iid",), at=every(8)), SCORE)
    assert sorted({step for _, step in values(store, BASE, "guess.value")}) == [8, 16, 20]
    assert sorted({step for _, step in values(store, BASE)}) == [20]


def test_a_diverged_run_scores_the_worst_and_is_counted(store: Store) -> None:
    cell = Cell(Hidden(), Broken(steps=20))
    report = run(store, cell, (0, 1, 2), Probe(score, n=50, at=every(10)))
    assert report.diverged == 3
    found = values(store, cell)
    assert all((found[seed, 10] > 0, found[seed, 20]) == (True, 0.0) for seed in (0, 1, 2))
    assert set(store.runs([cell.digest])["status"]) == {"diverged"}


def test_a_learner_goes_on_from_the_trained_model_of_its_own_seed(store: Store) -> None:
    run(store, BASE, (0, 1), GUESS, keep=True)
    still = Cell(toys.halves, Onwards(rate=0.0, steps=5, initial=Trained(None, BASE.learner)))
    run(store, still, (0, 1), GUESS)
    base, onwards = values(store, BASE, "guess.value"), values(store, still, "guess.value")
    assert [onwards[seed, 5] for seed in (0, 1)] == [base[seed, 20] for seed in (0, 1)]
    assert base[0, 20] != base[1, 20]


def test_or_from_that_of_one_seed_for_all(store: Store) -> None:
    run(store, BASE, (0, 1, 2), GUESS, keep=True)
    still = Cell(toys.halves, Onwards(rate=0.0, steps=5, initial=Trained(None, BASE.learner, seed=2)))
    run(store, still, (0, 1), GUESS)
    base, onwards = values(store, BASE, "guess.value"), values(store, still, "guess.value")
    assert onwards[0, 5] == onwards[1, 5] == base[2, 20]


@pytest.mark.parametrize("abreast", [True, False])
def test_a_task_sees_the_trained_model_that_it_refers_to(
    store: Store, monkeypatch: pytest.MonkeyPatch, abreast: bool
) -> None:
    monkeypatch.setattr(mode, "choose", lambda *_: "vmap" if abreast else "map")
    run(store, BASE, (0, 1), GUESS, keep=True)
    cell = Cell(Against(opponent=Trained(toys.halves, BASE.learner)), replace(toys.search, steps=3))
    run(store, cell, (0, 1), SCORE, GUESS)
    base, mine, near = (values(store, c, p) for c, p in ((BASE, "guess.value"), (cell, "guess.value"), (cell, "score")))
    for seed in (0, 1):
        assert near[seed, 3] == pytest.approx(1 - abs(mine[seed, 3] - base[seed, 20]) / 2, abs=1e-6)


def test_a_finished_model_is_scored_on_another_task_without_training(store: Store) -> None:
    run(store, BASE, (0, 1), GUESS, keep=True)
    other = Cell(toys.Halves(middle=-0.2), Pretrained(Trained(toys.halves, BASE.learner)))
    run(store, other, (0, 1), SCORE, GUESS)
    base, asked = values(store, BASE, "guess.value"), values(store, other, "guess.value")
    assert [asked[seed, 0] for seed in (0, 1)] == [base[seed, 20] for seed in (0, 1)]
    assert len(values(store, other)) == 2


def test_a_reference_chain_is_followed_to_its_end(store: Store) -> None:
    middle = Onwards(rate=0.0, steps=5, initial=Trained(None, BASE.learner))
    last = Onwards(name="last", rate=0.0, steps=4, initial=Trained(None, middle))
    for cell in (BASE, Cell(toys.halves, middle), Cell(toys.halves, last)):
        run(store, cell, (0,), GUESS, keep=True)
    assert values(store, Cell(toys.halves, last), "guess.value")[0, 4] == values(store, BASE, "guess.value")[0, 20]


def test_missing_weights_fail_the_batch_and_not_the_study(store: Store) -> None:
    cell = Cell(toys.halves, Onwards(initial=Trained(None, BASE.learner)))
    with pytest.raises(LookupError, match="no weights of search on halves, seed 0"):
        run(store, cell)


def test_damaged_weights_are_set_aside_and_made_again(store: Store) -> None:
    run(store, BASE, (0, 1), GUESS, keep=True)
    before = values(store, BASE, "guess.value")
    path = runner.weights_path(store, BASE, 1)
    spoilt = path.read_bytes()[:-3]
    path.write_bytes(spoilt)
    cell = Cell(toys.halves, Onwards(rate=0.0, steps=5, initial=Trained(None, BASE.learner)))
    with pytest.raises(LookupError, match="no weights of search on halves, seed 1"):
        run(store, cell, (0, 1), GUESS)
    assert (store.folder / "damaged" / f"{BASE.digest}-1.safetensors").read_bytes() == spoilt
    assert not path.exists()  # so that the planner has the cell trained again
    run(store, BASE, (0, 1), GUESS, keep=True)
    run(store, cell, (0, 1), GUESS)
    assert [values(store, cell, "guess.value")[s, 5] for s in (0, 1)] == [before[s, 20] for s in (0, 1)]


def test_a_clock_that_is_set_back_makes_no_run_last_less_than_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(2_000_000_000, 0, -86_400))
    monkeypatch.setattr("heldout.runner.batch.time.time", lambda: float(next(clock)))
    assert run(store, BASE).seconds > 0
    assert (store.runs([BASE.digest])["seconds"] > 0).all()


def test_a_new_probe_is_taken_from_kept_weights_without_training(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run(store, BASE, (0, 1), GUESS, keep=True)
    first = values(store, BASE, "guess.value")
    monkeypatch.setattr(runner, "_advance", lambda *_: pytest.fail("trained again"))
    run(store, BASE, (0, 1), SCORE)
    run(store, BASE, (0, 1), Probe(guess, on=("wide",)))
    assert len(values(store, BASE)) == 2
    again = values(store, BASE, "guess.value", "wide")
    assert again == first


def test_a_probe_on_the_way_needs_training_again(store: Store) -> None:
    run(store, BASE, (0, 1), GUESS, keep=True)
    run(store, BASE, (0, 1), Probe(guess, on=("iid",), at=every(10)))
    found = values(store, BASE, "guess.value")
    assert sorted({step for _, step in found}) == [10, 20]


def test_plain_learners_keep_their_schedule_too(store: Store) -> None:
    cell = Cell(Far(), Plain(steps=6))
    run(store, cell, (0, 1), Probe(score, n=5, at=every(4)), Probe(far_guess, on=("iid",)))
    assert values(store, cell) == {(s, t): pytest.approx(t / 10) for s in (0, 1) for t in (4, 6)}
    assert len(set(values(store, cell, "far_guess.seed").values())) == 2
    assert set(store.runs([cell.digest])["mode"]) == {"loop"}


def test_plain_models_can_be_referred_to_though_no_file_holds_them(store: Store) -> None:
    asked = Cell(Far(), Pretrained(Trained(Far(), Plain(steps=6))))
    run(store, asked, (0, 1), SCORE, Probe(far_guess, on=("iid",)))
    trained = Cell(Far(), Plain(steps=6))
    run(store, trained, (0, 1), Probe(far_guess, on=("iid",)))
    assert list(values(store, asked).values()) == pytest.approx([0.6, 0.6])
    seeds = [list(values(store, c, "far_guess.seed").values()) for c in (asked, trained)]
    assert seeds[0] == seeds[1]


def test_what_never_trains_is_asked_block_by_block(store: Store) -> None:
    cell = Cell(toys.sums, toys.adder)
    for start, size in ((0, 50), (50, 50), (100, 100)):
        runner.run(Batch(cell, (start,), (SCORE,), size=size), store)
    items = store.items([cell.digest], "iid")
    assert sorted(items["position"].tolist()) == [*range(200)]
    assert len(set(items["item"].tolist())) == 200
    assert store.done([cell.digest])[cell.digest][digest(SCORE)] == {0, 50, 100}


def test_a_cut_ends_training_early(store: Store) -> None:
    runner.run(Batch(BASE, (0, 1), (SCORE,), until=3), store)
    assert sorted({step for _, step in values(store, BASE)}) == [3]


def test_training_is_the_learners_own(store: Store) -> None:
    """Against the learner called by hand, with the key that the seed stands for."""
    import jax

    from heldout.runner.together import keys

    run(store, BASE, (4, 5), GUESS)
    learner = BASE.learner
    for seed, key in zip((4, 5), keys(BASE, (4, 5), "start", traced=True), strict=True):
        state = jax.jit(lambda k: learner.advance(toys.halves, learner.start(toys.halves, k), 20))(key)
        assert values(store, BASE, "guess.value")[seed, 20] == pytest.approx(float(state.guess), abs=1e-6)


def test_all_learners_meet_the_same_instances(store: Store) -> None:
    probe = Probe(score, on=("iid", "range"), n=30, items=True)
    cells = [Cell(toys.halves, learner) for learner in (replace(toys.search, steps=4), replace(toys.stuck, steps=9))]
    for cell in cells:
        run(store, cell, (0, 1), probe)
    first, second = (store.items([c.digest]) for c in cells)
    rows = [np.lexsort([x["position"], x["seed"], x["split"].astype(str)]) for x in (first, second)]
    np.testing.assert_array_equal(first["item"][rows[0]], second["item"][rows[1]])
    assert len(set(first["item"].tolist())) == 3 * 2 * 30


def test_a_wrong_shape_is_one_line(store: Store) -> None:
    from made import Misshapen

    with pytest.raises(HeldoutError, match="trials\\(\\) gave scores of shape") as error:
        run(store, Cell(Misshapen(), BASE.learner))
    assert "\n" not in str(error.value)
    assert not store.done([Cell(Misshapen(), BASE.learner).digest])
