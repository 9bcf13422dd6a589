from typing import Any

import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.core.split import Split
from heldout.models import comparison
from heldout.stats.adastop import Outcome
from heldout.studies.evaluation.adastop import PLAN, RUNS, different, five, study, toys, two

KEY = words("a", 1)
PROCEDURES = (comparison.published, comparison.corrected, comparison.relabellings, comparison.sign_flips)


def _answer(decision: Any, runs: int = RUNS):
    def procedure(observed, key):
        scores, plan = observed
        pairs = plan.compared(len(scores))
        return Outcome(dict.fromkeys(pairs, decision), dict.fromkeys(pairs, 1), np.full(len(scores), runs), ())

    return procedure


@pytest.mark.parametrize("task", [two, five, toys])
def test_a_false_difference_costs_the_score(task):
    split = task.splits[0]
    assert task.trials(_answer("equal"), split, KEY, 3).score.tolist() == [1.0, 1.0, 1.0]
    assert task.trials(_answer("larger"), split, KEY, 3).score.tolist() == [0.0, 0.0, 0.0]


def test_runs_spared_count_only_where_the_difference_is_seen():
    split = different.splits[0]
    assert different.trials(_answer("smaller", 10), split, KEY, 2).score.tolist() == [0.6, 0.6]
    assert different.trials(_answer("larger", 10), split, KEY, 2).score.tolist() == [0.0, 0.0]
    assert different.trials(_answer("equal"), split, KEY, 2).score.tolist() == [0.0, 0.0]


def test_agents_are_what_they_are_said_to_be():
    draws = np.stack([toys.observe(toys.splits[0], KEY.split(i))[0] for i in range(400)])
    assert draws.shape == (400, 10, RUNS)
    assert draws.mean(axis=(0, 2)) == pytest.approx([0, 0, 0, 0, 0, 0, 4, 4, 4, 8], abs=0.15)
    spread = [1, 1, 1.005**0.5 * 1.0, 1.005**0.5, 0.224, 3**0.5, 4.001, 4.001, 4.004, 3**0.5]
    assert draws.std(axis=(0, 2)) == pytest.approx(spread, rel=0.12)
    for i, j in toys.truth(toys.splits[0], KEY):
        assert np.quantile(draws[:, i], [0.1, 0.3, 0.7, 0.9]) == pytest.approx(
            np.quantile(draws[:, j], [0.1, 0.3, 0.7, 0.9]), abs=0.15
        )


def test_every_law_of_equal_agents_is_drawn():
    laws = {s.name: two.observe(s, KEY)[0] for s in two.splits}
    assert laws["iid"].shape == (2, RUNS)
    assert (laws["log-normal"] > 0).all()
    assert set(np.unique(laws["success"])) == {0.0, 1.0}


def test_differences_have_the_size_of_their_level():
    gaps = {
        s.name: np.mean([np.diff(different.observe(s, KEY.split(i))[0].mean(axis=1)) for i in range(200)])
        for s in different.splits
    }
    assert gaps == pytest.approx({"iid": 1.0, "normal-2": 2.0, "normal-3": 3.0, "mixture-1": 0.5}, abs=0.08)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_sees_a_large_difference_and_spares_runs(procedure):
    found = different.trials(procedure, Split("huge", "difference", 8.0, "normal"), KEY, 20)
    assert (found.score >= 0.6).all()
    assert found.facts["answer"][0].startswith("1 of 1 pairs told apart")


def test_the_study_asks_every_procedure():
    assert study.slug == "adastop"
    assert len(study.learners) == len(PROCEDURES)
    assert PLAN.alpha == 0.05
