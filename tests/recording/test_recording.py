"""Runs of anybody's own loop, recorded and judged."""

import subprocess
import sys

import numpy as np
import pytest

import heldout
from heldout.core import HeldoutError, Split
from heldout.store import open_store

LONG = Split("length-80", "length", 80.0)
WORKER = """
import sys
import heldout
store, system, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
for seed in range(first, first + 6):
    with heldout.record("lengths", system, seed=seed, store=store) as r:
        r.score("iid", 0.9 + 0.001 * seed)
"""


def fill(store, new=0.8, old=0.6, seeds=12):
    g = np.random.default_rng(5)
    for seed in range(seeds):
        shared = g.uniform(-0.05, 0.05)
        for system, level in (("new", new), ("old", old)):
            with heldout.record("lengths", system, seed=seed, store=store) as r:
                r.score("iid", 0.95, step=10)
                r.score("iid", 0.97, step=100)
                r.score(LONG, level + shared + g.uniform(-0.02, 0.02), step=100)


def test_claims_are_decided_on_what_was_recorded(tmp_path):
    fill(tmp_path)
    claims = {
        "better": 'score("lengths", "new", "length-80") > score("lengths", "old", "length-80")',
        "worse": 'score("lengths", "new", "length") < score("lengths", "old", "length")',
        "by half": 'score("lengths", "new", "length") > score("lengths", "old", "length") + 0.5',
        "gap": 'gap("lengths", "old", "length") > gap("lengths", "new", "length")',
        "typical": 'score("lengths", "new", "iid") > 0.96',
    }
    found = {v.claim: v for v in heldout.judge(claims, tmp_path)}
    assert [found[c].verdict for c in claims] == ["supported", "refuted", "refuted", "supported", "supported"]
    assert found["better"].n == 12  # five claims share the level
    assert 0.1 < found["better"].estimate < 0.3
    assert "sign-flip" in found["better"].method


def test_equal_systems_stay_undecided_and_the_verdict_is_in_the_store(tmp_path):
    fill(tmp_path, 0.7, 0.7)
    (found,) = heldout.judge({"equal": 'score("lengths", new, "length") > score("lengths", old, "length")'}, tmp_path)
    assert found.verdict == "undecided"
    assert open_store(tmp_path).query("SELECT study, claim, verdict FROM verdicts")[1] == [
        ("recorded", "equal", "undecided")
    ]


def test_several_processes_record_at_once(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    jobs = [
        subprocess.Popen([sys.executable, str(script), str(tmp_path / "s"), system, first])
        for system in ("a", "b")
        for first in ("0", "6")
    ]
    assert [job.wait(120) for job in jobs] == [0, 0, 0, 0]
    rows = open_store(tmp_path / "s").query(
        "SELECT learner, count(DISTINCT seed) FROM records GROUP BY ALL ORDER BY ALL"
    )[1]
    assert rows == [("a", 12), ("b", 12)]


def test_a_run_again_replaces_the_earlier_one_and_one_that_raises_leaves_nothing(tmp_path):
    for value in (0.2, 0.6):
        with heldout.record("t", "s", seed=0, store=tmp_path) as r:
            r.score("iid", 0.1)
            r.score("iid", value)
    with pytest.raises(ZeroDivisionError), heldout.record("t", "s", seed=1, store=tmp_path) as r:
        r.score("iid", 1 / 0)
    assert open_store(tmp_path).query("SELECT seed, value FROM records")[1] == [(0, 0.6)]


def test_items_are_kept_with_their_mean(tmp_path):
    for system, right in (("a", [1, 1, 0, 1]), ("b", [0, 1, 0, 1])):
        with heldout.record("quiz", system, seed=0, store=tmp_path) as r:
            r.items("iid", ["p", "q", "r", "s"], right)
    store = open_store(tmp_path)
    assert store.query("SELECT learner, value, n FROM records ORDER BY ALL")[1] == [("a", 0.75, 4), ("b", 0.5, 4)]
    same = "SELECT count(DISTINCT item) FROM items"
    assert store.query(same)[1] == [(4,)]


def test_a_run_without_a_number_counts_as_the_worst(tmp_path):
    with heldout.record("t", "s", seed=0, store=tmp_path, bounds=(-1.0, 1.0)) as r:
        r.score("iid", float("nan"))
    assert open_store(tmp_path).query("SELECT value FROM records")[1] == [(-1.0,)]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r: r.score("iid", 1.5), "score 1.5 on 'iid' lies outside the bounds 0 to 1"),
        (lambda r: r.items("iid", ["a"], [1, 0]), r"1 items and values of shape \(2,\)"),
        (lambda r: r.items("iid", ["a", "a"], [1, 0]), "items of 'iid' repeat"),
        (lambda r: None, "nothing was recorded of 's' on 't', seed 0"),
    ],
)
def test_what_cannot_be_recorded_is_said(tmp_path, act, said):
    with pytest.raises(HeldoutError, match=said), heldout.record("t", "s", seed=0, store=tmp_path) as r:
        act(r)


def test_bad_names_seeds_and_claims_are_said(tmp_path):
    for bad, said in (
        ({"task": ""}, "a task needs a name"),
        ({"seed": -1}, "whole number from 0"),
        ({"seed": 1.5}, "whole number"),
    ):
        given = {"task": "t", "system": "s", "seed": 0} | bad
        with pytest.raises(HeldoutError, match=said), heldout.record(**given, store=tmp_path):
            pass
    with pytest.raises(HeldoutError, match="no store at"):
        heldout.judge({"a": 'score("t", "s", "iid") > 0.5'}, tmp_path / "none")
    open_store(tmp_path)
    with pytest.raises(HeldoutError, match="holds no recorded runs"):
        heldout.judge({"a": 'score("t", "s", "iid") > 0.5'}, tmp_path)
    with heldout.record("t", "s", seed=0, store=tmp_path) as r:
        r.score("iid", 0.5)
    with pytest.raises(HeldoutError, match="far"):
        heldout.judge({"a": 'score("t", "s", "far") > 0.5'}, tmp_path)
    with pytest.raises(HeldoutError, match="other"):
        heldout.judge({"a": 'score("t", "other", "iid") > 0.5'}, tmp_path)
