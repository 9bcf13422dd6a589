"""The loop: it decides, stops early, resumes, spends its budget, and says what failed."""

import dataclasses

import numpy as np
import pytest

import toys
from heldout.core import Budget, HeldoutError, Paper, Pretrained, Study, Trained, score
from heldout.core.cell import grid
from heldout.core.discover import load
from heldout.lab import Options, conduct, lost, recall
from heldout.runner.event import Report
from heldout.store import open_store

ONE = Options(workers=1)


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "store")


def words(result):
    return {v.claim: v.verdict for v in result.verdicts}


def test_a_study_of_seeds_is_decided(store):
    result = conduct(toys.study, store, ONE)
    assert words(result) == {
        "searching beats not moving": "supported",
        "the typical search finds the middle": "supported",
        "not moving is as good": "refuted",
    }
    assert result.cells_run == 2
    assert all(v.n <= 12 for v in result.verdicts)


def test_a_study_of_items_is_decided(store):
    result = conduct(toys.asked, store, ONE)
    assert words(result) == {"it adds small numbers": "supported", "and large ones": "refuted"}
    assert {v.unit for v in result.verdicts} == {"item"}


def test_the_second_time_nothing_is_run_and_everything_is_the_same(store):
    first = conduct(toys.study, store, ONE)
    again = conduct(toys.study, store, ONE)
    assert again.cells_run == 0
    assert again.cells_reused == 2
    assert again.verdicts == first.verdicts
    assert again.scores == first.scores
    assert recall(toys.study, store).verdicts == first.verdicts


def test_a_changed_claim_is_counted_as_a_revision_and_reruns_nothing(store):
    assert conduct(toys.study, store, ONE).revisions == 0
    other = dataclasses.replace(toys.study, claims={"new": score(toys.halves, toys.search) > 0.8})
    result = conduct(other, store, ONE)
    assert (result.revisions, result.cells_run) == (1, 0)


def test_cells_of_decided_claims_get_no_more_seeds(store):
    """`search` against `stuck` is plain at the first look; a claim on the two equals never is, and takes the budget."""
    same = toys.Search("same", steps=200)
    study = dataclasses.replace(
        toys.study,
        learners=(toys.search, toys.stuck, same),
        claims={
            "plain": score(toys.halves, toys.search) > score(toys.halves, toys.stuck),
            "equal": score(toys.halves, toys.search, "range") > score(toys.halves, same, "range"),
        },
        budget=Budget(seeds=16, minutes=2),
    )
    result = conduct(study, store, ONE)
    assert words(result) == {"plain": "supported", "equal": "undecided"}
    seeds = {r.learner: r.n for r in result.scores if r.split == "iid"}
    assert seeds == {"search": 16, "same": 16, "stuck": 8}


def test_learners_see_the_same_instances_so_that_equals_are_equal_seed_by_seed(store):
    same = toys.Search("same")
    study = dataclasses.replace(
        toys.study,
        learners=(toys.search, same),
        claims={"c": score(toys.halves, toys.search) > score(toys.halves, same)},
    )
    conduct(study, store, ONE)
    records = store.records([c.digest for c in grid(study)])
    by_learner = [records["value"][records["learner"] == name] for name in ("search", "same")]
    assert np.array_equal(*by_learner)


def test_the_clock_stops_a_run_and_the_next_one_goes_on(store):
    stopped = conduct(toys.study, store, Options(workers=1, minutes=1e-9))
    assert set(words(stopped).values()) == {"undecided"}
    assert "supported" in words(conduct(toys.study, store, ONE)).values()


def test_a_smoke_run_leaves_the_store_alone(store):
    result = conduct(toys.study, store, Options(smoke=True))
    assert set(words(result).values()) == {"undecided"}
    assert max(r.step for r in result.scores) < 20
    assert len(store.runs([c.digest for c in grid(toys.study)])["batch"]) == 0


@dataclasses.dataclass(frozen=True)
class Broken(toys.Adder):
    """Fails whenever it is asked."""

    def model(self, task, state):
        def answer(prompt):
            raise ConnectionError("the endpoint is down")

        return answer


def test_what_fails_is_retried_then_leaves_its_claims_undecided(store):
    study = dataclasses.replace(toys.asked, learners=(Broken(),), claims={"it adds": score(toys.sums, Broken()) > 0.8})
    result = conduct(study, store, ONE)
    assert words(result) == {"it adds": "undecided"}
    assert result.failed > 0
    assert any("endpoint is down" in w for w in result.warnings)


def test_a_unit_that_failed_counts_once_and_no_more_when_it_has_run():
    def report(*units, error=None):
        return Report("b", "cell", units, 0.0, error=error)

    failed = [report(0, 1, 2, 3, error="down"), report(4, 5, error="down")]
    assert lost(failed) == {"cell": {0, 1, 2, 3, 4, 5}}
    assert lost([*failed, *failed]) == {"cell": {0, 1, 2, 3, 4, 5}}
    assert lost([*failed, report(0, 1, 2, 3)]) == {"cell": {4, 5}}


def test_a_model_is_scored_on_a_task_other_than_its_own(store):
    far = toys.Halves(middle=0.9)
    study = Study(
        Paper("elsewhere"),
        (toys.halves,),
        (toys.search,),
        {"it is worse elsewhere": score(toys.halves, toys.search) > score(toys.halves, toys.search, on=far)},
        budget=Budget(seeds=12, minutes=2),
    )
    assert words(conduct(study, store, ONE)) == {"it is worse elsewhere": "supported"}
    pretrained = Pretrained(Trained(toys.halves, toys.search))
    assert [c.learner for c in grid(study)] == [toys.search, pretrained]


def test_workers_find_what_one_process_finds(tmp_path):
    reference = str(toys.__file__)
    study = load(reference)
    alone = conduct(study, open_store(tmp_path / "a"), ONE)
    pool = conduct(study, open_store(tmp_path / "b"), Options(workers=2), reference=reference)
    assert pool.verdicts == alone.verdicts
    assert [r.estimate for r in pool.scores] == pytest.approx([r.estimate for r in alone.scores], abs=1e-6)


def test_workers_say_when_their_study_is_not_the_one_asked_for(store):
    with pytest.raises(HeldoutError, match="has changed since the run began"):
        conduct(toys.study, store, Options(workers=2), reference=str(toys.__file__))


def test_workers_begin_nothing_after_the_deadline_and_do_not_wait_for_it(tmp_path):
    reference = str(toys.__file__)
    result = conduct(load(reference), open_store(tmp_path / "s"), Options(workers=2, minutes=1e-9), reference=reference)
    assert set(words(result).values()) == {"undecided"}
    assert result.cells_run == 0
