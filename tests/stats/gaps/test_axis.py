import numpy as np
import pytest
from scipy import stats

from heldout.core import HeldoutError
from heldout.stats.gaps import axis

RNG = np.random.default_rng(1)
IID = RNG.normal(0.9, 0.02, 12)
LEVELS = np.array([1.0, 2.0, 4.0, 8.0])
SCORES = IID[:, None] - 0.05 * LEVELS + RNG.normal(0, 0.02, (12, 4))


def test_the_gap_is_scipys_paired_t():
    found, mean = axis.gap(IID, SCORES), SCORES.mean(axis=1)
    expected = stats.ttest_rel(IID, mean)
    assert found.estimate == pytest.approx((IID - mean).mean())
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval()))
    assert axis.gaps(IID, SCORES) == pytest.approx(IID - mean)


def test_each_units_slope_is_the_least_squares_line():
    expected = [np.polyfit(LEVELS, row, 1)[0] for row in SCORES]
    assert axis.slopes(SCORES, LEVELS) == pytest.approx(expected)
    assert axis.slope(SCORES, LEVELS).estimate == pytest.approx(np.mean(expected))
    assert axis.slope(SCORES, LEVELS).high < 0


def test_an_exact_line_has_its_slope_and_a_flat_one_none():
    line = np.outer([1.0, 2.0, 3.0], 1.0 - 0.1 * LEVELS)
    assert axis.slopes(line, LEVELS) == pytest.approx([-0.1, -0.2, -0.3])
    flat = axis.slope(np.tile(IID[:, None], 4), LEVELS)
    assert flat.estimate == pytest.approx(0)
    assert flat.p == 1


@pytest.mark.parametrize(
    ("scores", "levels", "message"),
    [
        (SCORES, LEVELS[::-1], "levels rise"),
        (SCORES, LEVELS[:3], "3 levels for 4 columns"),
        (SCORES[:, :1], LEVELS[:1], "at least 1 rows and 2 columns"),
        (SCORES[0], LEVELS, "one row per unit"),
        (np.where(SCORES < 2, np.nan, 1), LEVELS, "not finite"),
    ],
)
def test_what_is_no_axis_is_named(scores, levels, message):
    with pytest.raises(HeldoutError, match=message):
        axis.slopes(scores, levels)


def test_units_that_do_not_match_are_named():
    with pytest.raises(HeldoutError, match="11 iid scores and 12 rows"):
        axis.gaps(IID[:11], SCORES)
