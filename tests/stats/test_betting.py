"""Betting against closed forms, enumeration, a root finder and its own coverage."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq

from heldout.stats.betting import FRACTIONS, first_rejection, limits, log_wealth, lower, onto_unit
from heldout.stats.looks import schedule


def test_the_wealth_of_perfect_runs_in_closed_form():
    for c in (0.3, 0.5, 0.9):
        expected = np.log(np.mean((1 - FRACTIONS + FRACTIONS / c) ** 7))
        assert log_wealth(np.ones((1, 7)), c, [7])[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("c", [0.2, 0.5, 0.9])
def test_expected_wealth_is_one_if_the_mean_is_the_bound(c):
    paths = np.array(list(product([0.0, 1.0], repeat=8)))
    chance = np.prod(np.where(paths == 1, c, 1 - c), axis=1)
    for wealth in np.exp(log_wealth(paths, c, [1, 4, 8])):
        assert chance @ wealth == pytest.approx(1.0)


def test_the_ends_are_the_roots_of_the_wealth():
    data = np.random.default_rng(1).beta(2, 3, (4, 20))
    found = lower(data, 0.025, [20])[0]
    for row, low in zip(data, found, strict=True):
        root = brentq(lambda c, row=row: log_wealth(row, c, [20])[0, 0] - np.log(40), 1e-6, row.mean(), xtol=1e-12)
        assert low == pytest.approx(root, abs=1e-6)


@pytest.mark.parametrize("scale", [1.0, 0.01, 1e-5])
def test_the_root_is_found_at_any_scale_and_never_passed(scale):
    data = scale * np.random.default_rng(2).random((20, 64))
    low = lower(data, 0.025, [64])[0]
    wealth = log_wealth(data, low, [64])[0]
    assert wealth == pytest.approx(np.log(40), abs=1e-4)
    assert (wealth >= np.log(40) - 1e-9).all()


def test_constant_outcomes():
    low, high = limits(np.zeros((1, 16)), 0.05, [8, 16])
    assert low[:, 0].tolist() == [0.0, 0.0]
    assert high[1, 0] < high[0, 0] < 1
    low, high = limits(np.full((1, 16), 0.5), 0.05, [16])
    assert low[0, 0] < 0.5 < high[0, 0]


def test_interval_and_test_never_contradict_each_other():
    generator, looks = np.random.default_rng(3), schedule(32)
    data = generator.beta(4, 2, (60, 32))
    low, high = limits(data, 0.05, looks)
    for bound in (0.4, 0.6, 0.7, 0.9):
        above = first_rejection(data, bound, 0.025, looks) < len(looks)
        below = first_rejection(1 - data, 1 - bound, 0.025, looks) < len(looks)
        assert (above == (bound < low[-1])).all()
        assert (below == (bound > high[-1])).all()


@pytest.mark.parametrize("law", ["bernoulli", "beta", "rare"])
def test_level_and_coverage_whatever_the_shape(law):
    generator, looks, sims = np.random.default_rng(4), schedule(48), 2000
    if law == "beta":
        mean, data = 0.9, generator.beta(9, 1, (sims, 48))
    else:
        mean = {"bernoulli": 0.5, "rare": 0.98}[law]
        data = (generator.random((sims, 48)) < mean).astype(float)
    low, high = limits(data, 0.05, looks)
    missed = ((low[-1] > mean) | (high[-1] < mean)).mean()
    assert missed <= 0.05
    wrong = (first_rejection(data, mean, 0.025, looks) < len(looks)) | (
        first_rejection(1 - data, 1 - mean, 0.025, looks) < len(looks)
    )
    assert wrong.mean() <= 0.05


def test_bounds_outside_what_is_possible():
    data = np.array([[0.0, 0.0, 0.3]])
    assert first_rejection(data, 1.0, 0.05, [1, 3])[0] == 2
    assert first_rejection(data, 0.0, 0.05, [1, 3])[0] == 1
    assert first_rejection(data, -0.5, 0.05, [1, 3])[0] == 1


def test_no_mean_is_shown_above_a_bound_before_perfect_runs_would_do():
    for c, least in ((0.5, 6), (0.8, 17), (0.9, 36)):
        n = next(n for n in range(1, 100) if first_rejection(np.ones((1, n)), c, 0.025, [n])[0] == 0)
        assert n >= least


def test_values_within_bounds_are_mapped_onto_the_unit_interval():
    assert onto_unit(np.array([-1.0, 0.0, 1.0]), (-1.0, 1.0)).tolist() == [0.0, 0.5, 1.0]
