import numpy as np

from heldout.stats.voting.points import agreement, ranks, top, winners

POINTS = np.array([2.0, 3.0, 2.0 + 1e-13, np.nan])


def test_equal_points_share_a_rank_and_none_comes_last():
    assert ranks(POINTS).tolist() == [2.5, 1, 2.5, 4]
    assert winners(POINTS).tolist() == [1]
    assert winners(np.array([1.0, 1.0 - 1e-12, 0.0])).tolist() == [0, 1]
    assert winners(np.full(2, np.nan)).tolist() == []
    assert top(POINTS, 2) == {0, 1, 2}


def test_agreement_is_kendalls_tau():
    assert agreement(np.array([3.0, 2.0, 1.0]), np.array([30.0, 20.0, 10.0])) == 1
    assert agreement(np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])) == -1
    assert agreement(np.ones(3), np.ones(3)) == 1
    assert agreement(np.ones(3), np.array([1.0, 2.0, 3.0])) == 0
