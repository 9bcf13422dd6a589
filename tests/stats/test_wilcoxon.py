import math

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, wilcoxon

from heldout.stats.wilcoxon import rank_sum, signed_rank

RNG = np.random.default_rng(2)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_p_values_are_scipys(alternative):
    a, b = RNG.normal(0.5, 1, 11), RNG.normal(0, 1, 11)
    assert signed_rank(a, b, alternative=alternative).p == wilcoxon(a, b, alternative=alternative).pvalue
    assert rank_sum(a, b[:8], alternative=alternative).p == mannwhitneyu(a, b[:8], alternative=alternative).pvalue


def test_signed_rank_gives_the_numbers_of_hollander_and_wolfe():
    # depression scores, Hollander and Wolfe (1973), p. 29; interval as by R's wilcox.test
    first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    finding = signed_rank(first, second)
    assert finding.p == pytest.approx(0.03906, abs=5e-6)
    assert finding.estimate == pytest.approx(0.46)
    assert (finding.low, finding.high) == (pytest.approx(0.01), pytest.approx(0.786))


def test_the_signed_rank_interval_inverts_the_test():
    for n in (7, 12):
        d = RNG.normal(0.4, 1, n)
        finding = signed_rank(d)
        grid = np.linspace(-3, 4, 1401)
        kept = [mu for mu in grid if wilcoxon(d - mu).pvalue > 0.05]
        assert finding.low == pytest.approx(min(kept), abs=0.006)
        assert finding.high == pytest.approx(max(kept), abs=0.006)


@pytest.mark.parametrize(("m", "n"), [(5, 5), (7, 4), (9, 12)])
def test_the_rank_sum_interval_inverts_the_test(m, n):
    a, b = RNG.normal(1, 1, m), RNG.normal(0, 1, n)
    finding = rank_sum(a, b)
    grid = np.linspace(-3, 5, 801)
    kept = [mu for mu in grid if mannwhitneyu(a - mu, b, method="exact").pvalue > 0.05]
    assert finding.low == pytest.approx(min(kept), abs=0.011)
    assert finding.high == pytest.approx(max(kept), abs=0.011)


def test_large_samples_use_the_normal_limits_and_stay_close_to_the_exact_ones():
    d = RNG.normal(0.2, 1, 51)
    large, exact = signed_rank(d), signed_rank(d[:50])
    assert large.low == pytest.approx(exact.low, abs=0.06)
    a, b = RNG.normal(0, 1, 51), RNG.normal(0, 1, 40)
    assert rank_sum(a, b).low == pytest.approx(rank_sum(a[:50], b).low, abs=0.08)


def test_few_and_constant_values_are_said():
    assert "cannot reach" in signed_rank([1.0, 2.0, 3.0]).note
    assert signed_rank([1.0, 2.0, 3.0]).high == math.inf
    same = signed_rank(np.zeros(8))
    assert same.p == 1.0
    assert "8 of 8 differences are zero" in same.note
    assert rank_sum([1.0, 1.0], [1.0, 1.0]).p == 1.0
