import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings.elo import elo, spread


def test_one_battle_of_equals_moves_half_of_k() -> None:
    np.testing.assert_allclose(elo(np.array([0]), np.array([1]), np.array([1.0])), [1516, 1484])


def test_a_win_over_somebody_400_points_below_moves_an_eleventh() -> None:
    first, second, won = np.zeros(9000, int), np.ones(9000, int), np.resize([1.0] * 10 + [0.0], 9000)
    found = elo(first, second, won, k=1.0)
    assert found[0] - found[1] == pytest.approx(400, abs=15)  # ten to one
    assert found.sum() == pytest.approx(3000)


def test_orders_spread_and_the_first_is_no_more_true_than_the_others() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 3, 300), np.zeros(300, int)
    second = (first + rng.integers(1, 3, 300)) % 3
    won = (rng.random(300) < 0.6).astype(float)
    low, high = spread(first, second, won, rng, orders=60)
    assert (high - low > 20).all()
    single = elo(first, second, won)
    assert ((low - 60 < single) & (single < high + 60)).all()


def test_k_is_positive() -> None:
    with pytest.raises(HeldoutError, match="k is 0"):
        elo(np.array([0]), np.array([1]), np.array([1.0]), k=0)
