import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models.joint_rating import Judged, accuracy, elo, glicko, rasch
from heldout.tasks.estimation.matches import Matches
from heldout.tasks.interfaces import Estimation

TASK = Matches("order", systems=8, cases=200)
IID, RANDOM, LOPSIDED = TASK.splits


def test_splits_show_what_they_say() -> None:
    assert isinstance(TASK, Estimation)
    shown = [np.mean([TASK.seen(s, words("x", i)).mean() for i in range(20)]) for s in TASK.splits]
    np.testing.assert_allclose(shown, [0.8, 0.4, 0.4], atol=0.03)
    key = words("y")
    answers = TASK.truth(IID, key)
    assert set(np.unique(answers)) == {0.0, 1.0}
    seen = TASK.observe(RANDOM, key)
    assert (seen[~np.isnan(seen)] == answers[~np.isnan(seen)]).all()


def test_lopsided_cases_are_easier_for_some() -> None:
    ease = []
    for i in range(30):
        key = words("z", i)
        p = TASK.probabilities(key).mean(axis=0)
        ease.append(np.ptp([p[row].mean() for row in TASK.seen(LOPSIDED, key)]))
    assert np.mean(ease) > 0.1


def test_no_split_shows_what_judges() -> None:
    key = words("held")
    for split in TASK.splits:
        assert not (TASK.seen(split, key) & TASK._held(key)).any()


def test_who_knows_the_law_is_calibrated_and_in_order() -> None:
    key, task = words("law"), Matches("calibration", systems=20, cases=2_000)
    p = task.probabilities(key.split(0))
    found = task.trials(lambda _scores, _key: Judged(p.mean(axis=1), p), IID, key, 1)
    assert found.score[0] > 0.98
    p = TASK.probabilities(key.split(0))
    assert TASK.trials(lambda _scores, _key: Judged(p.mean(axis=1), p), IID, key, 1).score[0] > 0.8


@pytest.mark.parametrize("model", [glicko, elo, accuracy, rasch])
def test_ratings_order_systems_and_foretell_shares(model) -> None:
    assert TASK.trials(model, IID, words("order"), 3).score.min() > 0.6
    found = Matches("calibration", systems=8, cases=200).trials(model, RANDOM, words("c"), 3)
    assert found.score.min() > 0.75
    assert len(TASK.samples(IID, words("s"), 2)) == 2
