from itertools import product

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from heldout.core.errors import HeldoutError
from heldout.stats import multiplicity, permutation

RNG = np.random.default_rng(7)


@pytest.mark.parametrize(
    ("ours", "method"),
    [
        (multiplicity.holm, "holm"),
        (multiplicity.hochberg, "simes-hochberg"),
        (multiplicity.benjamini_hochberg, "fdr_bh"),
    ],
)
def test_adjusted_p_values_agree_with_statsmodels(ours, method):
    for p in (RNG.uniform(0, 0.2, 9), np.array([0.01, 0.01, 0.04, 1.0, 0.0]), np.array([0.3])):
        assert ours(p) == pytest.approx(multipletests(p, method=method)[1])


def test_step_down_agrees_with_brute_force():
    d = RNG.normal([1.5, 0.9, 0.0, 0.2], 1, (7, 4))
    signs = np.array(list(product([1, -1], repeat=7)))
    t = np.abs(np.stack([(s[:, None] * d).mean(0) / ((s[:, None] * d).std(0, ddof=1) / np.sqrt(7)) for s in signs]))
    observed, order = t[0], np.argsort(-t[0])
    expected, running = np.empty(4), 0.0
    for place, column in enumerate(order):
        p = (t[:, order[place:]].max(axis=1) >= observed[column] - 1e-9).mean()
        running = max(running, p)
        expected[column] = running
    assert multiplicity.step_down(d) == pytest.approx(expected)


def test_one_comparison_is_the_sign_flip_test():
    d = RNG.normal(0.5, 1, 9)
    assert multiplicity.step_down(d[:, None])[0] == pytest.approx(permutation.paired(d).p)


def test_step_down_uses_dependence_and_is_never_worse_than_holm_by_much():
    base = RNG.normal(0.9, 1, (12, 1))
    d = base + RNG.normal(0, 0.05, (12, 5))  # five comparisons that say the same
    single = [permutation.paired(column).p for column in d.T]
    assert multiplicity.step_down(d).max() < 0.5 * multiplicity.holm(single).max()


def test_family_wise_error_is_held_under_a_mixture_of_nulls():
    wrong = 0
    for seed in range(400):
        shared = RNG.normal(0, 1, (10, 1))
        d = shared + RNG.exponential(1, (10, 6)) * RNG.choice([-1, 1], (10, 6)) + [2.0, 2.0, 0, 0, 0, 0]
        wrong += (multiplicity.step_down(d, resamples=299, seed=seed)[2:] <= 0.05).any()
    assert wrong <= 34  # 0.05 and 3.2 standard errors


def test_missing_units_are_left_out_of_their_comparison_only():
    d = RNG.normal(1, 1, (8, 2))
    d[5:, 1] = np.nan
    assert np.isfinite(multiplicity.step_down(d)).all()
    assert multiplicity.step_down(d[:, 1:])[0] == pytest.approx(permutation.paired(d[:5, 1]).p)
    assert multiplicity.step_down(np.zeros((8, 2))).tolist() == [1.0, 1.0]


def test_bad_input_is_an_error():
    with pytest.raises(HeldoutError, match=r"1\.2"):
        multiplicity.holm([0.1, 1.2])
    with pytest.raises(HeldoutError, match="comparison 1 has no unit"):
        multiplicity.step_down([[1.0, np.nan], [2.0, np.nan]])
    with pytest.raises(HeldoutError, match="shape"):
        multiplicity.step_down([1.0, 2.0])
