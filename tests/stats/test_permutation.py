import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import permutation_test

from heldout.core.errors import HeldoutError
from heldout.stats import permutation

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("n", [5, 8, 11])
def test_paired_agrees_with_scipy_exactly(n, alternative):
    d = np.round(RNG.normal(0.4, 1, n), 1)
    theirs = permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative=alternative)
    ours = permutation.paired(d, alternative=alternative)
    assert ours.p == pytest.approx(theirs.pvalue)
    assert ours.estimate == pytest.approx(d.mean())


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize(("m", "n"), [(4, 4), (3, 6), (6, 5)])
def test_unpaired_agrees_with_scipy_exactly(m, n, alternative):
    a, b = RNG.normal(1, 1, m), RNG.normal(0, 2, n)
    theirs = permutation_test((a, b), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf, alternative=alternative)
    ours = permutation.unpaired(a, b, alternative=alternative)
    if m == n or alternative != "two-sided":  # SciPy doubles the smaller tail where ours counts absolute values
        assert ours.p == pytest.approx(theirs.pvalue)
    swapped = permutation.unpaired(b, a)
    assert swapped.p == pytest.approx(permutation.unpaired(a, b).p)


def test_unequal_sizes_count_absolute_differences():
    a, b = RNG.normal(1, 1, 3), RNG.normal(0, 2, 6)
    pooled = np.concatenate([a, b])
    gaps = [pooled[list(c)].mean() - np.delete(pooled, c).mean() for c in combinations(range(9), 3)]
    expected = np.mean(np.abs(gaps) >= abs(a.mean() - b.mean()) - 1e-12)
    assert permutation.unpaired(a, b).p == pytest.approx(expected)


def _inverted_by_search(test, centre, alpha):
    grid = np.linspace(centre - 4, centre + 4, 1601)
    kept = [mu for mu in grid if test(mu) > alpha]
    return min(kept), max(kept)


def test_the_paired_interval_is_the_set_of_shifts_that_the_test_does_not_reject():
    d = RNG.normal(0.5, 1, 8)
    ours = permutation.paired(d)
    low, high = _inverted_by_search(lambda mu: permutation.paired(d - mu).p, d.mean(), 0.05)
    assert ours.low == pytest.approx(low, abs=0.006)
    assert ours.high == pytest.approx(high, abs=0.006)


@pytest.mark.parametrize(("m", "n"), [(5, 5), (4, 6)])
def test_the_unpaired_interval_is_the_set_of_shifts_that_the_test_does_not_reject(m, n):
    a, b = RNG.normal(0.5, 1, m), RNG.exponential(1, n)
    ours = permutation.unpaired(a, b)
    low, high = _inverted_by_search(lambda mu: permutation.unpaired(a - mu, b).p, ours.estimate, 0.05)
    assert ours.low == pytest.approx(low, abs=0.006)
    assert ours.high == pytest.approx(high, abs=0.006)


def test_one_sided_intervals_are_the_wider_two_sided_ones():
    d = RNG.normal(0.5, 1, 10)
    two, one = permutation.paired(d, alpha=0.1), permutation.paired(d, alternative="greater")
    assert one.high == math.inf
    assert one.low == pytest.approx(two.low, abs=0.05)
    assert permutation.paired(-d, alternative="less").high == pytest.approx(-one.low)


def test_random_patterns_come_close_to_all_of_them():
    d = RNG.normal(0.3, 1, 13)
    exact = permutation.paired(d)
    random = permutation.paired(d, resamples=5_000)
    assert "exact" in exact.method
    assert "random" in random.method
    assert random.p == pytest.approx(exact.p, abs=0.02)
    assert random.low == pytest.approx(exact.low, abs=0.05)
    assert permutation.paired(d, resamples=5_000) == random  # the same seed, the same answer


def test_the_level_is_held_and_the_interval_covers():
    wrong = covered = 0
    for _ in range(400):
        a, b = RNG.exponential(1, 6), RNG.exponential(1, 7) + 0.5
        finding = permutation.unpaired(a, b, resamples=499)
        covered += finding.low <= -0.5 <= finding.high
        wrong += permutation.paired(RNG.uniform(-1, 1, 9), resamples=499).p <= 0.05
    assert wrong <= 36  # 0.05 and 3.3 standard errors
    assert covered >= 365


def test_few_or_constant_units_get_an_honest_answer():
    few = permutation.paired([1.0, 2.0, 3.0])
    assert few.p == 0.25
    assert (few.low, few.high) == (-math.inf, math.inf)
    assert "at least 6 pairs" in few.note
    assert permutation.paired(np.zeros(8)).p == 1.0
    assert permutation.unpaired([0.5] * 5, [0.5] * 5).p == 1.0
    assert "run more" in permutation.unpaired([1.0, 2.0], [3.0, 4.0]).note


def test_bad_input_is_an_error_of_one_line():
    with pytest.raises(HeldoutError, match="not finite"):
        permutation.unpaired([1.0, np.nan], [1.0, 2.0])
    with pytest.raises(HeldoutError, match="at least 99"):
        permutation.paired([1.0, 2.0], resamples=5)
    with pytest.raises(HeldoutError, match="alternative"):
        permutation.paired([1.0, 2.0], alternative="up")
