"""Boundaries against every path, against SciPy's exact test, and medians against order statistics."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from heldout.stats.binomial import boundaries, first_rejection, limits, median_boundaries, median_limits
from heldout.stats.looks import schedule


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_one_look_is_the_exact_binomial_test(p):
    for n in (5, 12, 40):
        assert boundaries((n,), p, 0.025) == (int(stats.binom.isf(0.025, n, p)) + 1,)


@pytest.mark.parametrize("p", [0.3, 0.5, 0.8])
def test_the_chance_of_ever_crossing_by_enumeration_of_all_paths(p):
    looks, level = (4, 6, 8, 12), 0.1
    bounds = boundaries(looks, p, level)
    paths = np.array(list(product([0, 1], repeat=12)))
    chance = p ** paths.sum(axis=1) * (1 - p) ** (12 - paths.sum(axis=1))
    crossed = np.zeros(len(paths), bool)
    for k, (n, least) in enumerate(zip(looks, bounds, strict=True), 1):
        before = crossed.copy()
        crossed |= paths[:, :n].sum(axis=1) >= least
        assert chance[crossed].sum() <= level * k / 4 + 1e-12
        eager = before | (paths[:, :n].sum(axis=1) >= least - 1)
        assert chance[eager].sum() > level * k / 4  # one success fewer would spend too much


def test_the_interval_of_one_look_is_clopper_and_pearsons():
    for x, n in ((0, 10), (3, 10), (30, 32), (10, 10)):
        ours, theirs = limits([x], (n,), 0.05, 1), stats.binomtest(x, n).proportion_ci(0.95)
        assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_interval_and_test_never_contradict_each_other():
    generator, looks = np.random.default_rng(1), (4, 6, 8, 12, 16)
    for p in generator.random(40):
        counts = np.cumsum(generator.random(16) < p)[[n - 1 for n in looks]].tolist()
        low, high = limits(counts, looks, 0.05, 5)
        for bound in (0.1, 0.5, 0.9):
            above = first_rejection(counts, looks, bound, 0.025, 5) < 5
            below = first_rejection([n - x for n, x in zip(looks, counts, strict=True)], looks, 1 - bound, 0.025, 5) < 5
            assert (above, below) == (bound < low, bound > high)


def test_a_share_keeps_its_level_and_its_coverage_when_peeking():
    looks, generator = schedule(64), np.random.default_rng(2)
    counts = np.cumsum(generator.random((4000, 64)) < 0.9, axis=1)[:, [n - 1 for n in looks]]
    above = (counts >= boundaries(looks, 0.9, 0.025)).any(axis=1)
    below = (np.array(looks) - counts >= boundaries(looks, 0.1, 0.025)).any(axis=1)
    assert (above | below).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)


def test_all_runs_beyond_the_bound_take_eight():
    looks = schedule(48)
    least = median_boundaries(looks, 0.05, len(looks))
    assert next(n for n, u in zip(looks, least, strict=True) if u <= n) == 8


def test_a_median_of_one_look_lies_between_the_textbooks_order_statistics():
    values = np.random.default_rng(3).permutation(np.arange(1.0, 21.0))
    assert median_limits(values, (20,), 0.05, 1)[0].tolist() == [6.0, 15.0]  # Conover 1999, table: r = 6 for n = 20
    assert np.isinf(median_limits(values, (4,), 0.05, 1)).all()


def test_a_median_is_covered_whatever_the_shape():
    generator, looks = np.random.default_rng(4), schedule(32)
    missed = 0
    for _ in range(800):
        low, high = median_limits(generator.lognormal(size=32), looks, 0.05, len(looks))[-1]
        missed += not low <= 1.0 <= high
    assert missed / 800 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 800)


def test_ties_with_the_bound_count_for_neither_side():
    values = np.array([1.0] * 6 + [2.0] * 6)
    low, high = median_limits(values, (12,), 0.05, 1)[0]
    assert low == 1.0
    assert high == 2.0
