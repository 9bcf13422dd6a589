import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import ttest_1samp

from heldout.core.errors import HeldoutError
from heldout.stats.clusters import clustered, design_effect, intraclass, standard_error

RNG = np.random.default_rng(5)


def _draw(clusters, rng, spread=1.0):
    labels = np.repeat(np.arange(clusters), rng.integers(1, 7, clusters))
    return rng.normal(0, spread, clusters)[labels] + rng.normal(0, 1, len(labels)), labels


def test_standard_errors_agree_with_statsmodels():
    values, labels = _draw(12, RNG)
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": labels}, use_t=True)
    finding = clustered(values, labels)
    assert standard_error(values, labels) == pytest.approx(fit.bse[0])
    assert finding.p == pytest.approx(fit.pvalues[0])
    assert (finding.low, finding.high) == pytest.approx(tuple(fit.conf_int()[0]))
    assert finding.n == 12
    assert "clusters" in finding.note


def test_clusters_of_one_are_a_t_test():
    values = RNG.normal(0.3, 1, 15)
    assert clustered(values, np.arange(15)).p == pytest.approx(ttest_1samp(values, 0).pvalue)


def test_the_interval_covers_where_the_naive_one_does_not():
    covered = naive = 0
    for _ in range(500):
        values, labels = _draw(20, RNG)
        finding = clustered(values, labels)
        covered += finding.low <= 0 <= finding.high
        naive += ttest_1samp(values, 0).pvalue > 0.05
    assert covered >= 0.91 * 500
    assert naive < 0.88 * 500


def test_intraclass_correlation_of_balanced_groups_is_the_closed_form():
    table = RNG.normal(0, 1, (8, 4)) + RNG.normal(0, 1, (8, 1))
    between, within = 4 * table.mean(1).var(ddof=1), table.var(axis=1, ddof=1).mean()
    icc = intraclass(table.ravel(), np.repeat(np.arange(8), 4))
    assert icc == pytest.approx((between - within) / (between + 3 * within))
    assert intraclass([1.0, 1.0, 2.0, 2.0], ["a", "a", "b", "b"]) == 1.0
    assert intraclass([1.0] * 4, [0, 0, 1, 1]) == 0.0
    assert design_effect(5, 0.25) == 2.0


def test_the_design_effect_is_the_ratio_of_variances():
    values = np.array([_draw_mean(RNG) for _ in range(3_000)])
    assert values.var() / (2.0 / 50) == pytest.approx(design_effect(5, 0.5), rel=0.1)


def _draw_mean(rng):
    return (rng.normal(0, 1, (10, 1)) + rng.normal(0, 1, (10, 5))).mean()


def test_bad_clusters_are_errors():
    with pytest.raises(HeldoutError, match="one cluster"):
        clustered([1.0, 2.0], [7, 7])
    with pytest.raises(HeldoutError, match="one label per value"):
        clustered([1.0, 2.0], [7])
    with pytest.raises(HeldoutError, match="takes two"):
        intraclass([1.0, 2.0], [1, 2])
    with pytest.raises(HeldoutError, match="size from 1"):
        design_effect(0, 0.1)
    constant = clustered([1.0, 1.0, 1.0], [0, 1, 1])
    assert constant.p < 0.2 or math.isinf(constant.high)
    assert math.isinf(clustered([1.0] * 4, [0, 0, 1, 1]).high)
