import pytest
from statsmodels.stats.proportion import proportion_confint

from heldout.core.errors import HeldoutError
from heldout.stats import proportions

CASES = [(0, 7), (1, 10), (7, 20), (19, 20), (20, 20), (431, 1000)]


@pytest.mark.parametrize(("k", "n"), CASES)
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_intervals_agree_with_statsmodels(k, n, alpha):
    for ours, method in ((proportions.wilson, "wilson"), (proportions.clopper_pearson, "beta")):
        estimate, low, high = ours(k, n, alpha)
        assert estimate == k / n
        assert (low, high) == pytest.approx(proportion_confint(k, n, alpha, method), abs=1e-9)
    if 0 < k < n:
        assert proportions.jeffreys(k, n, alpha)[1:] == pytest.approx(proportion_confint(k, n, alpha, "jeffreys"))


def test_jeffreys_is_closed_where_all_trials_agree():
    assert proportions.jeffreys(0, 10).low == 0.0
    assert proportions.jeffreys(10, 10).high == 1.0
    assert proportions.jeffreys(0, 10).high == pytest.approx(proportion_confint(0, 10, 0.05, "jeffreys")[1])


def test_counts_are_checked():
    for k, n in ((5, 4), (-1, 4), (1.5, 4), (float("nan"), 4), (0, 0)):
        with pytest.raises(HeldoutError):
            proportions.wilson(k, n)
    assert proportions.counted([True, False, 1]) == (2, 3)
    with pytest.raises(HeldoutError, match=r"0\.5"):
        proportions.counted([0, 0.5])
