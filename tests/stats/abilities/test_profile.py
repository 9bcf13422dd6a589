import math

import numpy as np
import pytest
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.profile import half, profile


def test_planted_abilities_are_covered():
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        ability = rng.uniform(1.5, 4, 3)
        demands = np.eye(3)[rng.integers(0, 3, 300)] * rng.integers(1, 6, 300)[:, None]
        outcomes = rng.random(300) < special.expit(2 * (ability - demands).min(axis=1))
        held.append([one.low <= a <= one.high for one, a in zip(profile(outcomes, demands), ability, strict=True)])
    # 180 intervals: a standard error of .016
    assert 0.91 < np.mean(held) <= 0.99


def test_the_level_is_that_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, 500).astype(float)
    y = (rng.random(500) < special.expit(1.5 * (2.5 - x))).astype(float)
    peer = sm.Logit(y, sm.add_constant(x)).fit(disp=0)
    found = half(y, x)
    assert found.level == pytest.approx(-peer.params[0] / peer.params[1], abs=0.01)
    assert found.slope == pytest.approx(-peer.params[1], abs=0.02)
    # where the slope is well known Fieller's interval is nearly that of the delta method
    grad = np.array([-1 / peer.params[1], peer.params[0] / peer.params[1] ** 2])
    error = math.sqrt(grad @ peer.cov_params() @ grad)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.05)


def test_success_that_does_not_fall_has_no_level():
    found = half(np.array([0, 0, 1, 1.0]), np.array([1, 2, 3, 4.0]))
    assert math.isnan(found.level)
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert half(np.ones(3), np.ones(3)).n == 3


def test_a_slope_that_may_be_zero_leaves_a_side_open():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 6, 30).astype(float)
    found = half((rng.random(30) < 0.9 - 0.02 * x).astype(float), x)
    assert math.isinf(found.low) or math.isinf(found.high)


def test_unrated_items_and_wrong_outcomes():
    with pytest.raises(HeldoutError, match="rate every item"):
        profile([1.0], [[np.nan]])
    with pytest.raises(HeldoutError, match="outside 0 to 1"):
        profile([2.0], [[1.0]])
    with pytest.raises(HeldoutError, match="items x dimensions"):
        profile([1.0], [1.0])
