import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.points import points
from heldout.stats.forecasts.sigmoid import Sigmoid

X = np.geomspace(1e18, 1e23, 12)


def score(x, ceiling=1.0):
    return 0.25 + (ceiling - 0.25) / (1 + np.exp(-0.8 * (np.log(x) - np.log(3e20))))


def test_a_sigmoid_between_known_bounds_is_found():
    found = Sigmoid(0.25).fitted(points(X, score(X)), 0, np.random.default_rng(0)).found
    assert found == pytest.approx({"k": 0.8, "half": 3e20}, rel=1e-6)


def test_a_ceiling_below_the_stated_one_is_found():
    law = Sigmoid(0.25, free=True)
    found = law.fitted(points(X, score(X, 0.85)), 0, np.random.default_rng(0)).found
    assert found == pytest.approx({"k": 0.8, "half": 3e20, "ceiling": 0.85}, rel=1e-5)


def test_forecasts_stay_within_the_bounds():
    fit = Sigmoid(0.25).fitted(points(X, score(X)), 20, np.random.default_rng(0))
    assert 0.25 <= fit.at(np.array([1.0]))[0] < 0.2501
    assert 0.999 < fit.at(np.array([1e40]))[0] <= 1.0


def test_zeros_and_ones_are_scores_too():
    fit = Sigmoid().fitted(points(X, (X > 1e20).astype(float)), 0, np.random.default_rng(0))
    assert np.abs(fit.at(X) - (X > 1e20)).max() < 0.2


def test_bounds_the_wrong_way_round_are_an_error():
    with pytest.raises(HeldoutError, match="chance 1 is not below the ceiling"):
        Sigmoid(1.0, 0.5)
