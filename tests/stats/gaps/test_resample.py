import numpy as np
import pytest
from scipy import stats

from heldout.core import HeldoutError
from heldout.stats.gaps import resample


def test_weights_are_shares_of_copies():
    found = resample.weights(5, 300, 1)
    assert found.shape == (300, 5)
    assert found.sum(axis=1) == pytest.approx(np.ones(300))
    assert found.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.03)
    assert found.var(axis=0) == pytest.approx(np.full(5, 0.2 * 0.8 / 5), rel=0.2)


def test_the_expanded_interval_of_a_mean_is_as_wide_as_students():
    values = np.random.default_rng(2).normal(size=10)
    draws = resample.weights(10, 100_000, 3) @ values
    low, high = resample.expanded(draws, 10)
    expected = stats.t.interval(0.95, 9, values.mean(), stats.sem(values))
    assert high - low == pytest.approx(expected[1] - expected[0], rel=0.06)
    plain = np.quantile(draws, [0.025, 0.975])
    assert high - low > 1.15 * (plain[1] - plain[0])


def test_one_unit_cannot_be_resampled():
    with pytest.raises(HeldoutError, match="measure a second"):
        resample.weights(1, 10, 0)
