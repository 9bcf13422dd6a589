"""Evidence: written by a run, read back, replayed."""

import dataclasses
import json

import pytest

import toys
from heldout.core import HeldoutError
from heldout.evidence import keep, recall, verify
from heldout.lab import Options, conduct
from heldout.store import open_store


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    store = open_store(folder / "store")
    result = conduct(toys.study, store, Options(workers=1))
    return result, keep(result, store, folder)


def test_what_is_kept_is_what_was_found(run):
    result, path = run
    kept = recall(toys.study, path)
    for ours, theirs in zip(result.verdicts, kept.verdicts, strict=True):
        assert theirs.estimate == pytest.approx(ours.estimate, nan_ok=True)
        assert (theirs.verdict, theirs.n, len(theirs.looks)) == (ours.verdict, ours.n, len(ours.looks))
    assert [s.estimate for s in kept.scores] == pytest.approx([s.estimate for s in result.scores])
    assert kept.scores[0].axis == result.scores[0].axis


def test_a_replay_agrees(run):
    assert all(c.agrees for c in verify(toys.study, run[1], workers=1))


def test_a_verdict_that_no_run_gave_does_not_survive_the_replay(run, tmp_path):
    document = json.loads(run[1].read_text())
    document["claims"][0]["verdict"] = "refuted"
    forged = tmp_path / "toys.json"
    forged.write_text(json.dumps(document))
    assert [c.agrees for c in verify(toys.study, forged, workers=1)] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ("[]", "not evidence"), ('{"format": 99}', "not evidence"), (None, "--keep")],
)
def test_bad_files_are_named(tmp_path, text, message):
    path = tmp_path / "toys.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(HeldoutError, match=message):
        recall(toys.study, path)


def _changed(document, part, value):
    changed = {**document, part: value}
    if value is None:
        del changed[part]
    return changed


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("claims", None, "lacks 'claims'"),
        ("seconds_per_unit", None, "lacks 'seconds_per_unit'"),
        ("claims", [1], "damaged"),
        ("claims", [], "other claims"),
        ("scores", "x", "damaged"),
        ("units", {"search on halves": 10**9}, "no numbers of units"),
        ("units", [1], "no numbers of units"),
    ],
)
def test_damaged_or_forged_parts_are_one_line(run, tmp_path, part, value, message):
    path = tmp_path / "toys.json"
    path.write_text(json.dumps(_changed(json.loads(run[1].read_text()), part, value)))
    with pytest.raises(HeldoutError, match=message) as caught:
        verify(toys.study, path, workers=1)
    assert "\n" not in str(caught.value)


def test_evidence_that_leaves_a_claim_out_or_states_another_is_refused(run, tmp_path):
    document = json.loads(run[1].read_text())
    path = tmp_path / "toys.json"
    path.write_text(json.dumps({**document, "claims": document["claims"][1:]}))
    with pytest.raises(HeldoutError, match="other claims"):
        verify(toys.study, path, workers=1)
    document["claims"][0]["statement"] = "everything is well"
    path.write_text(json.dumps(document))
    with pytest.raises(HeldoutError, match="other claims"):
        verify(toys.study, path, workers=1)
    document["claims"][0]["low"] = None
    path.write_text(json.dumps(document))
    with pytest.raises(HeldoutError, match="numbers of claim"):
        recall(toys.study, path)
    document["claims"][0]["verdict"] = "certain"
    path.write_text(json.dumps(document))
    with pytest.raises(HeldoutError, match="'certain' is no verdict"):
        recall(toys.study, path)


def test_evidence_of_another_study_is_refused(run):
    other = dataclasses.replace(toys.study, paper=dataclasses.replace(toys.study.paper, slug="other"))
    with pytest.raises(HeldoutError, match="evidence of 'toys'"):
        recall(other, run[1])
