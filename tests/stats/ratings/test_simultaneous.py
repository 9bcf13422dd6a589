import numpy as np
from scipy.stats import norm, t

from heldout.stats.ratings.simultaneous import separate

RNG = np.random.default_rng


def test_two_systems_have_the_p_of_the_z_test() -> None:
    found = separate(np.array([1.0, -1.0]), np.diag([0.5, 0.5]), RNG(0))
    assert abs(found.p[0, 1] - 2 * norm.sf(2)) < 0.006
    assert abs(found.critical - 1.96) < 0.05
    assert found.low.tolist() == [1, 2]


def test_few_clusters_take_student() -> None:
    found = separate(np.array([1.0, -1.0]), np.diag([0.5, 0.5]), RNG(0), freedom=5)
    assert abs(found.p[0, 1] - 2 * t.sf(2, 5)) < 0.01


def test_equal_systems_are_told_apart_no_more_often_than_one_time_in_twenty() -> None:
    rng, wrong, n = RNG(1), 0, 6
    root = np.linalg.cholesky(0.5 * np.eye(n) + 0.5)
    for _ in range(400):
        wrong += separate(root @ rng.standard_normal(n), root @ root.T, rng).above.any()
    assert wrong / 400 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)
    assert wrong > 4


def test_ranks_cover_and_separate_groups_are_not_compared() -> None:
    strength = np.array([3.0, 1.0, 0.9, 5.0])
    found = separate(strength, 0.01 * np.eye(4), RNG(2), groups=np.array([0, 0, 0, 1]))
    assert found.low.tolist() == [1, 2, 2, 1]
    assert found.high.tolist() == [2, 4, 4, 4]
    assert np.isnan(found.p[3, :3]).all()
    assert np.nanmin(found.p) >= 1e-4


def test_step_down_shows_no_less_than_the_largest_alone() -> None:
    strength = np.array([4.0, 1.45, 0.0])
    found = separate(strength, 0.125 * np.eye(3), RNG(3))
    assert found.p[0, 1] <= found.p[1, 2]
    assert found.above[0, 1]


def test_many_pairs_are_held_against_the_largest_of_all(monkeypatch) -> None:
    strength = np.array([4.0, 1.45, 0.0])
    down = separate(strength, 0.125 * np.eye(3), RNG(3))
    monkeypatch.setattr("heldout.stats.ratings.simultaneous.MANY", 2)
    once = separate(strength, 0.125 * np.eye(3), RNG(3))
    assert once.critical == down.critical
    off = ~np.eye(3, dtype=bool)
    assert (once.p[off] >= down.p[off]).all()
    assert once.p[1, 2] > down.p[1, 2]
