import numpy as np
import pytest
from scipy import stats

from heldout.core import HeldoutError
from heldout.stats.gaps.ordering import ordering
from heldout.stats.multiplicity import holm


def test_a_clear_order_is_found_and_settled():
    rng = np.random.default_rng(1)
    gaps = np.array([0.1, 0.5, 0.3]) + rng.normal(0, 0.02, (12, 3))
    found = ordering(gaps)
    assert found.order == (1, 2, 0)
    assert found.same == 1.0
    assert found.first.tolist() == [0, 1, 0]
    assert found.settled() == 3


def test_p_values_are_exact_sign_flips_under_holm():
    gaps = np.random.default_rng(2).normal([0.0, 0.3, 0.5], 0.4, (9, 3))
    raw = []
    for a, b in ((0, 1), (0, 2), (1, 2)):
        d = gaps[:, a] - gaps[:, b]
        test = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)
        raw.append(test.pvalue)
    found, expected = ordering(gaps).p, holm(raw)
    assert [found[0, 1], found[0, 2], found[1, 2]] == pytest.approx(expected)
    assert (found == found.T).all()


def test_shares_are_those_of_a_plain_bootstrap():
    gaps = np.random.default_rng(3).normal([0.1, 0.2, 0.0], 0.3, (10, 3))
    rng, first, same = np.random.default_rng(4), np.zeros(3), 0
    order = tuple(np.argsort(-gaps.mean(axis=0)))
    for _ in range(4000):
        means = gaps[rng.integers(10, size=10)].mean(axis=0)
        first[means.argmax()] += 1
        same += tuple(np.argsort(-means)) == order
    found = ordering(gaps)
    assert found.first == pytest.approx(first / 4000, abs=0.03)
    assert found.same == pytest.approx(same / 4000, abs=0.03)


def test_equal_factors_are_seldom_settled():
    rng = np.random.default_rng(5)
    wrong = sum(ordering(rng.normal(0.2, 0.1, (8, 3)), resamples=10).settled() > 0 for _ in range(300))
    assert wrong / 300 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_only_the_top_may_be_settled():
    rng = np.random.default_rng(6)
    gaps = np.column_stack((rng.normal(0.1, 0.05, 12), rng.normal(0.1, 0.05, 12), rng.normal(0.9, 0.05, 12)))
    found = ordering(gaps)
    assert found.order[0] == 2
    assert found.settled() == 1


def test_one_factor_has_no_order():
    with pytest.raises(HeldoutError, match="at least 2 rows and 2 columns"):
        ordering(np.zeros((5, 1)))
