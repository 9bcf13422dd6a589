import numpy as np

from heldout.stats.abilities.curve import Items

ITEMS = Items(np.array([1.0, 2.0, 1.5]), np.array([0.0, 1.0, -1.0]), np.array([0.0, 0.0, 0.25]))


def test_half_at_the_difficulty_and_the_floor_below():
    p = ITEMS.probability([0.0, 1.0, -1.0])
    assert np.allclose(np.diag(p), [0.5, 0.5, 0.625])
    assert np.allclose(ITEMS.probability(-50.0), [0, 0, 0.25])


def test_information_is_the_expected_square_of_the_score():
    for ability in (-2.0, 0.3, 1.7):
        p, up = ITEMS.probability(ability), ITEMS.probability(ability + 1e-6)
        slope = (up - p) / 1e-6
        assert np.allclose(ITEMS.information(ability), slope**2 / (p * (1 - p)), rtol=1e-4)


def test_information_without_guessing_is_a_squared_times_the_variance():
    p = ITEMS.probability(0.4)[:2]
    assert np.allclose(ITEMS.information(0.4)[:2], [1, 4] * p * (1 - p))
