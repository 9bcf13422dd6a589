from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from heldout.core import HeldoutError, Verdict
from heldout.store import Finished, open_store


def test_records_come_back_as_written(folder, batch, writing):
    store = open_store(folder)
    store.write(batch("c1", (0, 1, 2, 3)))
    store.write(batch("c2", (0, 1)))
    found = open_store(folder).records(["c1"])
    assert len(found["value"]) == 4 * len(writing.SPLITS)
    assert set(found["cell"]) == {"c1"}
    expected = [writing.value("c1", seed, index) for seed in range(4) for index in range(4)]
    np.testing.assert_array_equal(found["value"], expected)
    assert found["axis"].tolist()[:4] == ["", "", "length", "length"]
    assert np.isnan(found["level"][:2]).all()
    assert found["level"][2:4].tolist() == [40.0, 80.0]
    assert {name: found[name].dtype for name in ("seed", "value", "censored", "n")} == {
        "seed": np.dtype("int64"), "value": np.dtype("float64"), "censored": np.dtype("bool"), "n": np.dtype("int64"),
    }  # fmt: skip


def test_items_are_pushed_down_to_a_split_and_keep_their_order(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1), items=7))
    found = store.items(["c1"], "iid")
    assert found["position"].tolist() == [*range(7), *range(7)]
    assert found["seed"].tolist() == [0] * 7 + [1] * 7
    assert found["item"].dtype == np.uint64
    assert found["item"][1] == 2**63 + 1
    assert found["answer"][2] == "é'2"
    assert len(store.items(["c1"])["item"]) == 4 * 14
    assert len(store.items(["c1"], "nowhere")["item"]) == 0


def test_probes_can_be_told_apart_by_digest(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1), ("p1",)))
    store.write(batch("c1", (0, 1), ("p2",)))
    assert len(store.records(["c1"])["value"]) == 16
    assert set(store.records(["c1"], ["p2"])["probe_digest"]) == {"p2"}
    assert store.done(["c1"]) == {"c1": {"p1": {0, 1}, "p2": {0, 1}}}


def test_done_counts_diverged_and_not_failed_units(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1)))
    store.write(batch("c1", (2, 3), status="diverged"))
    store.write(batch("c1", (4, 5), status="failed"))
    assert store.done(["c1", "c9"]) == {"c1": {"p1": {0, 1, 2, 3}}}
    assert store.runs(["c1"])["status"].tolist() == ["ok"] * 2 + ["diverged"] * 2 + ["failed"] * 2


def test_what_done_gives_is_the_callers_to_change(folder, batch):
    store = open_store(folder)
    store.write(batch("c1"))
    store.done(["c1"])["c1"]["p1"].clear()
    assert store.done(["c1"]) == {"c1": {"p1": {0, 1, 2, 3}}}


def test_mode_and_chunk_are_those_of_the_first_batch(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1, 2, 3), started=5.0))
    later = batch("c1", (0, 1), ("p2",), started=9.0)
    store.write(
        Finished(later.batch, [r | {"mode": "map"} for r in later.runs], later.records, later.items, later.specs)
    )
    assert store.modes(["c1", "c9"]) == {"c1": ("vmap", 4)}


def test_runs_have_a_row_per_unit(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (4, 5, 6, 7)))
    found = store.runs(["c1"])
    assert found["seed"].tolist() == [4, 5, 6, 7]
    assert found["cpu_seconds"].sum() == 5.0
    assert found["error"].tolist() == [""] * 4
    assert found["dirty"].dtype == np.bool_


def test_an_empty_store_answers_everything(folder):
    store = open_store(folder)
    assert store.done(["c1"]) == {}
    assert store.modes(["c1"]) == {}
    assert len(store.records(["c1"])["value"]) == 0
    assert len(store.items(["c1"], "iid")["item"]) == 0
    assert len(store.runs(["c1"])["seed"]) == 0
    assert store.query("select count(*) from records")[1] == [(0,)]
    assert store.query("from verdicts")[1] == []
    assert store.warnings == ()
    store.compact()


def test_extreme_values_survive(folder, batch):
    store = open_store(folder)
    made = batch("c1", (2**40,))
    values = [float("nan"), float("inf"), -0.0, 5e-324]
    store.write(Finished(made.batch, made.runs, {**made.records, "value": values}, {}, made.specs))
    found = store.records(["c1"])["value"]
    np.testing.assert_array_equal(found, values)
    assert np.signbit(found[2])
    assert store.done(["c1"]) == {"c1": {"p1": {2**40}}}


def test_the_same_batch_again_replaces_it(folder, batch):
    store = open_store(folder)
    for started in (1.0, 2.0):
        store.write(batch("c1", started=started))
    assert store.runs(["c1"])["started"].tolist() == [2.0] * 4
    assert len(list((folder / "batches").iterdir())) == 1


@pytest.mark.parametrize("parts", [(), ("..", "x"), ("a/b",), ("",), ("a", "."), ("a\\b",)])
def test_paths_stay_inside(folder, parts):
    with pytest.raises(HeldoutError, match="no path inside a store"):
        open_store(folder).path(*parts)


def test_path_makes_its_folder(folder):
    found = open_store(folder).path("weights", "c1", "3.safetensors")
    assert found == folder / "weights" / "c1" / "3.safetensors"
    assert found.parent.is_dir()


def test_verdicts_are_kept_by_study_and_lock(folder):
    store = open_store(folder)
    assert store.lock("digits/../x", "a1") == 0
    store.keep_verdicts("digits/../x", "a1", [Verdict("c", "a > b", "undecided", n=4)], "abc")
    assert store.lock("digits/../x", "b2") == 1
    for n in (4, 8):
        store.keep_verdicts(
            "digits/../x", "b2", [Verdict("c", "a > b + 0.1", "supported", 0.2, 0.15, 0.25, n=n)], "abc"
        )
    names, rows = store.query(
        'select study, lock, verdict, n, revisions, low, commit, "at" from verdicts order by lock'
    )
    assert [row[:-1] for row in rows] == [
        ("digits/../x", "a1", "undecided", 4, 0, None, "abc"),
        ("digits/../x", "b2", "supported", 8, 1, 0.15, "abc"),
    ]
    assert names[-1] == "at"
    assert rows[0][-1].year > 2000


def test_threads_may_share_a_store(folder, batch):
    store = open_store(folder)

    def work(number):
        store.write(batch(f"c{number}", (0,)))
        return len(store.records([f"c{number}"])["value"]), len(store.runs([f"c{number}"])["seed"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(12))) == [(4, 1)] * 12
