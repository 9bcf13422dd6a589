from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from heldout.measures.agreement import (
    bimodality,
    independent,
    order_between,
    order_within,
    pearson,
    shared_order,
    two_heaps,
)

RNG = np.random.default_rng(0)
task, mlp, cnn = (SimpleNamespace(name=n) for n in ("digits", "mlp", "cnn"))


def models(scores):
    """Of (models, examples, steps) the mappings that a measure gets."""
    return [{("train", i): row for i, row in enumerate(one)} for one in np.asarray(scores, float)]


def test_pearsons_coefficient_is_that_of_scipy_and_zero_for_two_values_only():
    values = RNG.gamma(2.0, size=500)
    wanted = stats.kurtosis(values, fisher=False) - stats.skew(values) ** 2 - 1
    assert pearson(values) == pytest.approx(wanted)
    assert pearson(np.repeat([0.0, 1.0], [7, 3])) == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(pearson(np.ones(5)))


@pytest.mark.parametrize("k", [2, 3, 8])
@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_independent_models_have_the_coefficient_of_binomial_shares(k: int, p: float):
    exact = stats.binom(k, p)
    _, _, skew, kurtosis = exact.stats("mvsk")
    assert kurtosis + 3 - skew**2 - 1 == pytest.approx(independent(k))
    drawn = RNG.random((k, 40_000, 1)) < p
    assert two_heaps(models(drawn)) == pytest.approx(independent(k), abs=0.08)


def test_models_that_learn_the_same_examples_first_make_two_heaps():
    easy = RNG.random(300) < 0.6
    assert two_heaps(models(np.repeat(easy[None, :, None], 4, axis=0))) == pytest.approx(0.0, abs=1e-12)
    flipped = easy[None, :, None] ^ (RNG.random((4, 300, 1)) < 0.1)
    assert 0.05 < two_heaps(models(flipped)) < 0.7 * independent(4)


def test_heaps_are_counted_where_half_of_the_answers_are_right():
    course = np.zeros((2, 4, 3))
    course[:, :2, 1], course[:, :, 2] = 1.0, 1.0
    course[0, 3, 2] = 0.0  # near the end they differ, in the middle they agree
    assert two_heaps(models(course)) == pytest.approx(0.0, abs=1e-12)


def test_order_is_compared_between_models_that_share_no_seed():
    rank = np.arange(40)
    course = (np.arange(1, 11)[None, :] * 4 > rank[:, None]).astype(float)  # example i is learnt at step i // 4
    back = course[::-1]
    assert order_within(models([course] * 4)) == pytest.approx(1.0)
    assert order_within(models([course, course, back, back])) == pytest.approx(-1.0)
    pairs = models([course, back, back, course])  # of a block of two: the first of one learner, the second of the other
    assert order_between(pairs) == pytest.approx(1.0)
    assert order_between(models([course, back, course, back])) == pytest.approx(-1.0)
    assert np.isnan(order_within(models(np.ones((2, 5, 3)))))


def test_accessibility_is_the_mean_over_steps_and_models():
    drawn = (RNG.random((4, 30, 6)) < RNG.random((1, 30, 1))).astype(float)
    wanted = stats.spearmanr(drawn[:2].sum((0, 2)), drawn[2:].sum((0, 2)))[0]
    assert order_within(models(drawn)) == pytest.approx(wanted)


def test_they_are_measures_of_blocks_that_read_scores():
    alone, both, heaps = shared_order(task, mlp, mlp), shared_order(task, mlp, cnn, "iid"), bimodality(task, cnn)
    assert (alone.text, both.text) == ("shared order(digits, mlp, train)", "shared order(digits, mlp, cnn, iid)")
    assert heaps.text == "bimodality(digits, cnn, train)"
    assert {one.reads for one in (alone, both, heaps)} == {"scores"}
    assert (alone.beside, both.beside) == ((), (cnn,))
