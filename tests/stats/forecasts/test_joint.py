import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.joint import joint

X = np.tile(np.geomspace(1e2, 1e5, 8), 3)
WHO = np.repeat(["a", "b", "c"], 8)
CLEAN = np.repeat([3, 5, 9], 8) * X**-0.4 + np.repeat([0.1, 0.02, 0.05], 8)


def test_a_shared_exponent_is_found_with_each_ones_own_scale_and_offset():
    found = joint(X, CLEAN, WHO, np.random.default_rng(0), resamples=3)
    assert found.exponent.estimate == pytest.approx(0.4, rel=1e-6)
    assert found.scales == pytest.approx([3, 5, 9], rel=1e-5)
    assert found.offsets == pytest.approx([0.1, 0.02, 0.05], rel=1e-5)
    assert found.at("b", [1e6]) == pytest.approx([5 * 1e6**-0.4 + 0.02])


def test_the_interval_of_the_exponent_holds_it_under_noise():
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(12):
        found = joint(X, CLEAN * np.exp(rng.normal(0, 0.01, len(X))), WHO, rng, resamples=60)
        held += found.exponent.low <= 0.4 <= found.exponent.high
    assert held >= 9


def test_different_exponents_cost_a_shared_one_its_fit():
    y = np.where(WHO == "c", 9 * X**-0.8, CLEAN)
    found = joint(X, y, WHO, np.random.default_rng(0), resamples=3)
    assert found.loss > 100 * found.apart


def test_too_few_scores_are_refused():
    with pytest.raises(HeldoutError, match="6 scores for the 7 parameters of 3 systems"):
        joint(X[[0, 1, 8, 9, 16, 17]], CLEAN[[0, 1, 8, 9, 16, 17]], WHO[[0, 1, 8, 9, 16, 17]], np.random.default_rng(0))
