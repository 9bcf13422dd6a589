import numpy as np
import pytest
from scipy import stats

from heldout.results import odds, relabelled
from heldout.results.units import Units
from heldout.stats import effects, improvement

RNG = np.random.default_rng(4)
ONE, TWO = np.array([0]), np.array([1])


def welch(x, y, axis):
    n, m = x.shape[axis], y.shape[axis]
    return np.abs(x.mean(axis) - y.mean(axis)) / np.sqrt(x.var(axis, ddof=1) / n + y.var(axis, ddof=1) / m)


def ragged(scores, *missing):
    for system, run, task in missing:
        scores[system, run, task] = np.nan
    return scores


def test_one_task_is_every_relabelling():
    scores = RNG.normal(size=(2, 5, 1)) + np.array([0, 1.0])[:, None, None]
    expected = stats.permutation_test(
        (scores[0, :, 0], scores[1, :, 0]), welch, n_resamples=np.inf, alternative="greater", vectorized=True
    )
    found = relabelled.relabelled(scores, ONE, TWO)
    assert found.exact[0]
    assert found.p[0] == pytest.approx(expected.pvalue)


def test_two_tasks_are_the_product_of_their_relabellings():
    scores = RNG.normal(size=(2, 3, 2)) + np.array([0, 1.2])[:, None, None]
    every = [np.array([i, j, k]) for i in range(6) for j in range(i) for k in range(j)]

    def parts(task):
        pooled = scores[:, :, task].ravel()
        for chosen in every:
            x, y = pooled[chosen], np.delete(pooled, chosen)
            yield x.mean() - y.mean(), x.var(ddof=1) / 3 + y.var(ddof=1) / 3

    reference = [abs(a + c) / np.sqrt(b + d) for a, b in parts(0) for c, d in parts(1)]
    x, y = scores
    observed = abs((x - y).mean(0).sum()) / np.sqrt((x.var(0, ddof=1) + y.var(0, ddof=1)).sum() / 3)
    expected = np.mean(np.array(reference) >= observed - 1e-12)
    assert relabelled.relabelled(scores, ONE, TWO).p[0] == pytest.approx(expected, abs=0.02)


def test_the_error_is_welchs():
    scores = ragged(RNG.normal(size=(2, 7, 1)), (1, 5, 0), (1, 6, 0))
    found = relabelled.means(scores, ONE, TWO)
    test = stats.ttest_ind(scores[0, :, 0], scores[1, :5, 0], equal_var=False)
    assert found.difference[0] / found.error[0] == pytest.approx(test.statistic)
    assert found.freedom[0] == pytest.approx(test.df)


@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_ragged_runs_keep_the_level(shape):
    rng = np.random.default_rng(9)
    wrong, sims = 0, 150
    for _ in range(sims):
        scores = getattr(rng, shape)(size=(2, 4, 5))
        found = relabelled.relabelled(ragged(scores, (0, 3, 0), (1, 3, 1), (1, 2, 1)), ONE, TWO)
        wrong += found.p[0] <= 0.05
    assert wrong / sims <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / sims)


def test_far_apart_is_told_beyond_the_number_of_relabellings():
    scores = RNG.normal(size=(2, 10, 6)) + np.array([0, 5.0])[:, None, None]
    assert relabelled.relabelled(scores, ONE, TWO).p[0] < 1e-6


def test_few_relabellings_are_not_stretched():
    scores = RNG.normal(size=(2, 3, 1)) + np.array([0, 50.0])[:, None, None]
    assert relabelled.relabelled(scores, ONE, TWO).p[0] == pytest.approx(2 / 20)


def test_odds_of_runs_are_the_probability_of_improvement():
    scores = RNG.integers(0, 6, (4, 7, 5)).astype(float)
    ragged(scores, (1, 5, 2), (1, 6, 2), *((2, r, 1) for r in range(7)))
    first, second = np.triu_indices(4, 1)
    expected = [improvement.interval(scores[a], scores[b]) for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(np.array(odds.of_runs(scores, first, second)).T, expected, atol=1e-12)


def test_odds_of_units_are_wilsons():
    values = RNG.integers(0, 4, (2, 30)).astype(float)
    found = odds.of_units(Units(values, np.zeros(30, int), "item"), ONE, TWO, np.array([30]))
    np.testing.assert_allclose(np.ravel(found), effects.paired_superiority(*values), atol=1e-12)
