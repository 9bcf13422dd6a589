"""A study is checked when it is made: what does not exist is an error before anything runs."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

import toys
from heldout.core import (
    IID,
    TRAIN,
    At,
    Budget,
    Choice,
    HeldoutError,
    OverSeeds,
    Paper,
    Probe,
    Split,
    Study,
    Sweep,
    best,
    exact,
    mean,
    score,
    steps_to,
)
from heldout.core.cell import asked, unit

halves, search, stuck = toys.halves, toys.search, toys.stuck


def calibration(*_: Any) -> dict[str, float]:
    return {"ece": 0.0}


def study(claim=None, **fields):
    claims = {"it": claim} if claim is not None else {}
    given = {"paper": Paper("s"), "tasks": (halves,), "learners": (search, stuck), "claims": claims} | fields
    return Study(**given)


def said(claim=None, **fields):
    with pytest.raises(HeldoutError) as caught:
        study(claim, **fields)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_good_study_is_made():
    made = study((score(halves, search, "range") > 0.5).given(score(halves, search) > 0.9))
    assert made.slug == "s"
    assert [leaf.where for leaf in made.leaves()] == ["range", "iid"]
    assert [leaf.text for leaf in study(measures={"m": score(halves, search)}).leaves()] == [
        "score(halves, search, iid)"
    ]


def test_a_split_that_does_not_exist_is_named_with_its_nearest():
    assert "no split or axis ragne; there is range" in said(score(halves, search, "ragne") > 0)
    assert "no split or axis range[9]" in said(score(halves, search, At("range", 9)) > 0)
    assert "claim 'it'" in said((score(halves, search) > 0).given(score(halves, search, "nowhere") > 0))
    assert "measure 'm'" in said(measures={"m": score(halves, search, "nowhere")})
    assert "nowhere" in said(steps_to(halves, search, "nowhere", 0.5) < 9)


def test_cells_that_are_not_in_the_study_are_named():
    assert "task 'halves' is not among the study's tasks (halves)" in said(
        score(replace(halves, middle=0.1), search) > 0
    )
    assert "learner 'third' is not among" in said(score(halves, toys.Search("third")) > 0)


def test_learners_read_beside_others_are_run_and_must_be_in_the_study():
    both = OverSeeds(halves, search, "m", len, beside=(stuck,))
    assert [c.learner for c in asked(both)] == [search, stuck]
    assert unit(both) == "block"
    assert study(both > 0)
    third = replace(both, beside=(stuck, toys.Search("third")))
    assert "learner 'third' is not among the study's learners (search, stuck)" in said(third > 0)


def test_probes_that_are_not_taken_are_named():
    assert "no probe 'calibration.ece'; there is score" in said(score(halves, search, probe="calibration.ece") > 0)
    probes = (Probe(calibration, on=("iid",)),)
    assert study(score(halves, search, probe="calibration.ece") > 0, probes=probes)
    claim = score(halves, search, "range", probe="calibration.ece") > 0
    assert "probe 'calibration' is not taken on 'wide'" in said(claim, probes=probes)


def test_names_in_tables_differ():
    assert "two learners are called 'search'" in said(learners=(search, replace(search, rate=0.2)))
    assert "two tasks are called 'halves'" in said(tasks=(halves, replace(halves, middle=0.0)))


def test_what_is_no_claim_is_said():
    assert "claim 'it' is True, not a claim" in said(True)
    assert "not a claim: compare a measure with something" in said(score(halves, search))


def test_units_are_not_mixed():
    claim = score(halves, search) > score(toys.sums, toys.adder)
    message = said(claim, tasks=(halves, toys.sums), learners=(search, stuck, toys.adder))
    assert "mixes units" in message
    assert "per item" in message


def test_mean_and_exact_stand_outermost():
    assert study(mean(score(halves, search) - score(halves, stuck)) > 0.1)
    assert study(exact(score(halves, search)) > 0.1)
    with pytest.raises(HeldoutError, match="outermost"):
        study(mean(score(halves, search)) - score(halves, stuck) > 0.1)


def test_a_sweep_needs_a_rule_of_choice_and_the_rule_may_not_peek():
    sweep = Sweep(search, (("rate", Choice(0.1, 0.2)),))
    learners = (sweep, stuck)
    assert "say which one with at=best('iid')" in said(score(halves, sweep) > 0, learners=learners)
    assert study(score(halves, sweep, "range", at=best("iid")) > 0, learners=learners)
    assert "oracle=True" in said(score(halves, sweep, "range", at=best("range")) > 0, learners=learners)
    assert study(score(halves, sweep, "range", at=best("range", oracle=True)) > 0, learners=learners)


@pytest.mark.parametrize(
    "fields", [{"seeds": 0}, {"seeds": -3}, {"items": 0}, {"minutes": 0}, {"minutes": float("nan")}]
)
def test_budgets_are_positive(fields):
    with pytest.raises(HeldoutError):
        Budget(**fields)


def test_budgets_that_no_plan_could_be_made_for_are_refused():
    assert Budget(seeds=50_000).seeds == 50_000
    for huge in ({"seeds": 10**20}, {"items": 10**9}):
        with pytest.raises(HeldoutError, match="give at most 50000"):
            Budget(**huge)


@pytest.mark.parametrize("slug", ["", "../evil", "a/b", "<x>", "a b", ".hidden", "a\n", "x" * 101])
def test_a_slug_that_cannot_name_a_file_is_refused_before_anything_runs(slug):
    with pytest.raises(HeldoutError, match="cannot name a file"):
        Paper(slug)
    assert Paper("deep-ensembles").slug == "deep-ensembles"


def test_probes_take_train_iid_and_every_shift_unless_told_otherwise():
    @dataclass(frozen=True)
    class Task:
        splits = (TRAIN, Split("curriculum", train=True), IID, Split("a 1", "a", 1), Split("b", "b"))

    def names(probe):
        return [s.name for s in probe.splits(Task())]

    assert names(Probe(calibration)) == ["train", "curriculum", "iid", "a 1", "b"]
    assert names(Probe(calibration, on=("iid", "a"))) == ["iid", "a 1"]
    assert names(Probe(calibration, on=("*",))) == ["a 1", "b"]
    assert names(Probe(calibration, on=("curriculum",))) == ["curriculum"]
