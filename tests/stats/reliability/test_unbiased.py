from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy import stats

from heldout.stats.reliability import g_pass_at_k, mg_pass_at_k, pass_all_k, pass_at_k
from heldout.stats.reliability.unbiased import hypergeometric, jackknife, of_items

METRICS = [pass_at_k(4), pass_all_k(4), g_pass_at_k(4, 0.5), g_pass_at_k(4, 0.75), mg_pass_at_k(4)]


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_it_is_the_mean_over_all_draws(metric):
    n = 7
    for c in range(n + 1):
        samples = [1] * c + [0] * (n - c)
        worth = [metric.worth[sum(drawn)] for drawn in combinations(samples, metric.k)]
        assert of_items(metric, n, [c]) == pytest.approx(np.mean(worth))


def test_the_closed_forms_of_the_papers():
    n, c, k = 50, np.arange(51), 8
    assert of_items(pass_at_k(k), n, c) == pytest.approx([1 - comb(n - x, k) / comb(n, k) for x in c])
    assert of_items(pass_all_k(k), n, c) == pytest.approx([comb(x, k) / comb(n, k) for x in c])
    assert of_items(g_pass_at_k(k, 0.6), n, c) == pytest.approx(stats.hypergeom.sf(4, n, c, k))


def test_large_counts_do_not_overflow():
    n, c = np.array([100_000, 100_000]), np.array([10, 99_990])
    assert hypergeometric(n, c, 64) == pytest.approx(
        stats.hypergeom.pmf(np.arange(65), n[:, None], c[:, None], 64), abs=1e-9
    )
    assert of_items(pass_all_k(64), 100_000, [0, 100_000]).tolist() == [0.0, 1.0]


def test_too_few_samples_are_nan_and_not_wrong():
    found = of_items(pass_at_k(5), [4, 5, 0], [4, 1, 0])
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == 1


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_it_is_unbiased_exactly(metric):
    """The mean over the binomial law of c is the mean worth of k fresh answers."""
    n, p = 9, 0.37
    mean = stats.binom.pmf(np.arange(n + 1), n, p) @ of_items(metric, n, np.arange(n + 1))
    assert mean == pytest.approx(stats.binom.pmf(np.arange(metric.k + 1), metric.k, p) @ metric.weights)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_the_jackknife_is_that_of_leaving_each_sample_out(metric):
    n = 8
    for c in range(n + 1):
        samples = np.array([1] * c + [0] * (n - c))
        left = np.array([of_items(metric, n - 1, [np.delete(samples, i).sum()])[0] for i in range(n)])
        assert jackknife(metric, n, [c]) == pytest.approx((n - 1) / n * ((left - left.mean()) ** 2).sum())


def test_the_jackknife_errs_upwards_and_of_one_answer_not_at_all():
    n, p = 12, 0.6
    c, chance = np.arange(13), stats.binom.pmf(np.arange(13), 12, 0.6)
    assert chance @ jackknife(pass_at_k(1), n, c) == pytest.approx(p * (1 - p) / n)
    values = of_items(pass_all_k(4), n, c)
    assert chance @ jackknife(pass_all_k(4), n, c) >= chance @ values**2 - (chance @ values) ** 2
    assert np.isnan(jackknife(pass_at_k(4), 4, [2])).all()
