from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import lognorm, trim_mean

from heldout.core.seeds import words
from heldout.tasks.estimation.aggregates import Aggregates, Found, Law
from heldout.tasks.interfaces import Estimation

KEY = words("aggregates")
TASK = Aggregates()
SPLITS = {s.name: s for s in TASK.splits}


def test_the_truth_is_what_very_many_runs_give() -> None:
    law = TASK.law(KEY)
    many = law.runs(40_000, np.random.default_rng(1))
    truth = TASK.truth(SPLITS["iid"], KEY)
    assert truth["iqm"] == pytest.approx(trim_mean(many, 0.25, axis=None), rel=0.005)
    assert truth["median"] == pytest.approx(np.median(many.mean(axis=0)), rel=0.01)
    assert truth["mean"] == pytest.approx(many.mean(), rel=0.005)


def test_the_iqm_of_one_law_is_its_middle_half() -> None:
    law = Law(np.full(4, 2.0), np.full(4, 0.5))
    one = lognorm(0.5, scale=2.0 * np.exp(-0.125))
    middle = 2 * one.expect(lb=one.ppf(0.25), ub=one.ppf(0.75))
    assert law.aggregate("iqm") == pytest.approx(middle, rel=1e-6)


def test_every_trial_has_its_own_tasks_and_the_better_system_is_better_on_each() -> None:
    assert not np.array_equal(TASK.law(KEY.split(0)).mean, TASK.law(KEY.split(1)).mean)
    wide = replace(SPLITS["iid"], level=50_000.0)
    ratio = TASK.better(wide, KEY).mean(axis=0) / TASK.observe(wide, KEY).mean(axis=0)
    np.testing.assert_allclose(ratio, 1.05, rtol=0.02)


def test_runs_are_as_many_as_the_split_says() -> None:
    assert {name: len(TASK.observe(s, KEY)) for name, s in SPLITS.items()} == {"iid": 5, "3-runs": 3, "10-runs": 10}


@pytest.mark.parametrize(
    ("question", "found", "score"),
    [
        ("coverage", Found("iqm", 0.0, 0.0, 1e6), 1.0),
        ("coverage", Found("median", 0.0, -2.0, -1.0), 0.0),
        ("tightness", Found("mean", 0.0, 1.0, 4.0), 0.25),
        ("ordering", Found("mean", 0.0, 0.0, 0.0), 0.5),
    ],
)
def test_what_the_score_is(question, found, score) -> None:
    task = Aggregates(question)
    assert isinstance(task, Estimation)
    assert task.trials(lambda _scores, _key: found, task.splits[0], KEY, 3).score.tolist() == [score] * 3


def test_a_system_ten_times_as_good_is_always_ordered_right() -> None:
    task = Aggregates("ordering", gain=9.0)
    found = task.trials(lambda t, _: Found("mean", float(t.mean()), 0.0, 0.0), task.splits[0], KEY, 20)
    assert found.score.min() == 1.0
