import math

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.descriptivestats import sign_test as statsmodels_sign_test

from heldout.stats.signs import sign_test

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("n", [6, 9, 20, 101])
def test_the_p_value_agrees_with_statsmodels(n):
    d = np.round(RNG.normal(0.3, 1, n), 1)
    assert sign_test(d).p == pytest.approx(statsmodels_sign_test(d, 0)[1])


def test_the_interval_is_the_narrowest_pair_of_order_statistics_that_covers():
    for n in (6, 7, 12, 50):
        finding = sign_test(np.arange(1.0, n + 1))
        k = int(finding.low)
        assert finding.high == n + 1 - k
        assert binom.cdf(k - 1, n, 0.5) <= 0.025 < binom.cdf(k, n, 0.5)


def test_interval_and_test_agree_without_ties():
    for _ in range(50):
        d = RNG.normal(0.7, 1, 12)
        finding = sign_test(d)
        assert (finding.p <= 0.05) == (finding.low > 0 or finding.high < 0)
        above = sign_test(d, alternative="greater")
        assert (above.p <= 0.05) == (above.low > 0)
        assert above.high == math.inf


def test_ties_and_few_values_are_said():
    finding = sign_test([0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 0.0, 0.0])
    assert finding.p == 0.5
    assert "2 of 4 values equal" in finding.note
    assert "at least 6" in finding.note
    assert (finding.low, finding.high) == (-math.inf, math.inf)
    assert sign_test(np.zeros(10)).p == 1.0
