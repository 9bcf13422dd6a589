import numpy as np

from heldout.studies.theory import algoperf
from heldout.studies.theory.algoperf import BUDGET, EVERY, STEPS, area, fastest, first


def test_time_to_target_is_the_first_step_at_or_above_it():
    scores = np.array([[0.1, 0.9], [0.5, 0.2], [0.9, 0.1]])  # steps x seeds
    assert first(scores, 0.5).tolist() == [2 * EVERY, EVERY]
    assert first(scores, 0.95).tolist() == [2 * BUDGET] * 2


def test_the_fastest_rate_counts():
    scores = np.zeros((1, 1, 3, len(STEPS), 1))
    scores[0, 0, 1, 4:] = 1
    scores[0, 0, 2, 2:] = 1
    assert fastest(scores.reshape(-1, 1), 3, (0,)).tolist() == [[[3 * EVERY]]]


def test_profile_areas_by_hand():
    times = np.array([[[20.0], [800.0]], [[40.0], [100.0]]])  # algorithm x workload x seed: ratios 1, missed; 2, 1
    found = area(times)[:, 0]
    ratios = np.linspace(1, algoperf.RATIOS, algoperf.GRID)
    assert found[0] == 0.5
    assert found[1] == 0.5 + 0.5 * (ratios >= 2).mean()
