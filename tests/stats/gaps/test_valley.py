import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps.valley import valley

LEVELS = np.arange(1.0, 6.0)


def scores(rng, gaps, n=10, noise=0.03):
    home = 0.9 - 0.05 * LEVELS + rng.normal(0, 0.05, (n, 1))
    return home + rng.normal(0, noise, (n, 5)), home - np.asarray(gaps) + rng.normal(0, noise, (n, 5))


def test_a_peak_within_is_found():
    iid, ood = scores(np.random.default_rng(1), [0.0, 0.1, 0.4, 0.15, 0.05])
    found = valley(iid, ood, LEVELS)
    assert found.critical == 3.0
    assert found.gaps == pytest.approx((iid - ood).mean(axis=0))
    assert found.depth == pytest.approx(found.gaps[2] - max(found.gaps[0], found.gaps[4]))
    assert found.p == pytest.approx(3 / 1024)  # the least of ten pairs, one-sided, for three inner levels
    assert found.interior == 1.0


def test_a_gap_that_only_grows_is_no_valley():
    iid, ood = scores(np.random.default_rng(2), [0.0, 0.1, 0.2, 0.3, 0.4])
    found = valley(iid, ood, LEVELS)
    assert found.critical == 5.0
    assert found.depth == 0.0
    assert found.p > 0.5
    assert found.interior == 0.0


@pytest.mark.parametrize("gaps", [[0.2] * 5, [0.0, 0.3, 0.3, 0.3, 0.3], [0.3, 0.3, 0.1, 0.0, 0.0]])
def test_where_there_is_no_valley_one_is_seldom_shown(gaps):
    rng = np.random.default_rng(3)
    wrong = sum(valley(*scores(rng, gaps, 8), LEVELS, resamples=10).p <= 0.05 for _ in range(200))
    assert wrong / 200 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_shapes_must_match():
    with pytest.raises(HeldoutError, match="the same units and levels"):
        valley(np.zeros((4, 5)), np.zeros((5, 5)), LEVELS)
    with pytest.raises(HeldoutError, match="3 columns"):
        valley(np.zeros((4, 2)), np.zeros((4, 2)), LEVELS[:2])
