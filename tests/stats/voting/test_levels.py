import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting import levels, scoring
from heldout.stats.voting.points import ranks


def test_groups_vote_once_each():
    # a wins three tasks of one group, b the one task of either other group
    table = np.array([[3.0, 3, 3, 1, 1], [1, 1, 1, 3, 3], [2, 2, 2, 2, 2]])
    groups = ["x", "x", "x", "y", "z"]
    assert ranks(scoring.borda(table)).tolist() == [1, 3, 2]
    assert ranks(levels.two_level(scoring.borda, table, groups)).tolist() == [3, 1, 2]
    np.testing.assert_allclose(levels.by_group(scoring.borda, table, groups), [[1, 0, 0], [0, 1, 1], [0.5, 0.5, 0.5]])


def test_borda_in_two_levels_is_borda_of_borda():
    rng = np.random.default_rng(0)
    table, groups = rng.normal(size=(6, 10)), rng.integers(0, 3, size=10)
    inner = np.stack([scoring.borda(table[:, groups == g]) for g in range(3)], axis=1)
    np.testing.assert_allclose(
        levels.two_level(scoring.borda, table, groups.tolist()), scoring.borda(np.round(inner, 9))
    )


def test_a_mean_of_means_and_missing_groups():
    table = np.array([[1.0, 3.0, 5.0], [2.0, 2.0, np.nan]])
    np.testing.assert_allclose(levels.two_level(scoring.arithmetic, table, [0, 0, 1]), [3.5, 2.0])
    with pytest.raises(HeldoutError, match="one label per task"):
        levels.two_level(scoring.borda, table, [0, 1])
