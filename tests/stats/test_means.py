import math

import numpy as np
import pytest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from heldout.core.errors import HeldoutError
from heldout.stats import means

RNG = np.random.default_rng(3)
A, B = RNG.normal(1, 1, 9), RNG.normal(0, 2, 13)


@pytest.mark.parametrize(("equal", "usevar"), [(True, "pooled"), (False, "unequal")])
def test_unpaired_agrees_with_statsmodels(equal, usevar):
    theirs = CompareMeans(DescrStatsW(A), DescrStatsW(B))
    finding = means.unpaired(A, B, equal_spread=equal)
    assert (finding.statistic, finding.p) == pytest.approx(theirs.ttest_ind(usevar=usevar)[:2])
    assert (finding.low, finding.high) == pytest.approx(theirs.tconfint_diff(usevar=usevar))


def test_paired_agrees_with_statsmodels():
    theirs = DescrStatsW(A - B[:9])
    finding = means.paired(A, B[:9])
    assert (finding.statistic, finding.p) == pytest.approx(theirs.ttest_mean()[:2])
    assert (finding.low, finding.high) == pytest.approx(theirs.tconfint_mean())
    above = means.paired(A, alternative="greater", mean=0.5)
    assert above.p == pytest.approx(DescrStatsW(A).ttest_mean(0.5, "larger")[1])
    assert above.high == math.inf


def test_constant_data_say_nothing_about_their_spread():
    for finding in (means.paired([0.1 + 0.2] * 5, [0.3] * 5), means.unpaired([1.0] * 4, [0.0] * 4)):
        assert finding.p == 1.0
        assert (finding.low, finding.high) == (-math.inf, math.inf)
        assert "constant" in finding.note


def test_one_constant_sample_is_no_obstacle():
    finding = means.unpaired([1.0] * 5, [0.0, 0.1, 0.2, 0.1])
    assert finding.low == pytest.approx(means.paired([1.0, 0.9, 0.8, 0.9]).low)


def test_a_spread_takes_two_values():
    with pytest.raises(HeldoutError, match="at least 2"):
        means.paired([1.0])
    with pytest.raises(HeldoutError, match="at least 2"):
        means.unpaired([1.0], [1.0, 2.0])
