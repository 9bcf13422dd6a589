import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import g_pass_at_k, mg_pass_at_k, pass_all_k, pass_at_k
from heldout.stats.reliability.posterior import interval, moments

METRICS = [pass_at_k(5), pass_all_k(5), g_pass_at_k(6, 0.5), mg_pass_at_k(6)]


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_moments_are_those_of_the_posterior_by_quadrature(metric):
    n, c = 12, np.array([0, 5, 12])
    found = moments(metric, n, c)
    for i, x in enumerate(c):
        law = stats.beta(x + 1, n - x + 1)

        def worth(p):
            return stats.binom.pmf(np.arange(metric.k + 1), metric.k, p) @ metric.weights

        mean = law.expect(worth)
        assert found.mean[i] == pytest.approx(mean, rel=1e-6)
        assert found.variance[i] == pytest.approx(law.expect(lambda p: worth(p) ** 2) - mean**2, rel=1e-5)


def test_one_item_and_one_answer_has_the_exact_interval():
    found = interval(pass_at_k(1), 10, [7])
    assert found[1:3] == pytest.approx(stats.beta(8, 4).ppf([0.025, 0.975]))


def test_the_mean_of_items_has_the_right_quantiles():
    rng, c, n = np.random.default_rng(0), np.array([0, 3, 9, 10, 2] * 8), 10
    drawn = (rng.beta(c + 1, n - c + 1, size=(50_000, 40)) ** 3).mean(axis=1)
    assert interval(pass_all_k(3), n, c)[1:3] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.004)


def test_a_prior_has_two_positive_numbers():
    with pytest.raises(HeldoutError, match="prior"):
        moments(pass_at_k(1), 3, [1], prior=(0.0, 1.0))
