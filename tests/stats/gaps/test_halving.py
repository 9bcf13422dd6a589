"""Halving levels against a closed form, a fine grid, and simulated truth."""

import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps.halving import Halvings, halvings, median, of_mean

LEVELS = np.arange(6.0)


def test_a_straight_line_halves_halfway():
    found = halvings([[1.0, 0.8, 0.6, 0.4, 0.2, 0.0], [0.8, 0.8, 0.4, 0.4, 0.1, 0.1]], LEVELS)
    assert found.levels == pytest.approx([2.5, 2.0])
    assert not found.censored.any()


def test_every_curve_against_a_fine_grid():
    rng = np.random.default_rng(2)
    levels = np.array([0.0, 1.0, 2.5, 3.0, 6.0])
    curves = np.column_stack((np.full(200, 0.9), rng.uniform(0.1, 1, (200, 4))))
    found = halvings(curves, levels, share=0.6, floor=0.2)
    grid = np.linspace(0, 6, 60_001)
    for curve, at, censored in zip(curves, found.levels, found.censored, strict=True):
        under = np.interp(grid, levels, curve) <= 0.2 + 0.6 * 0.7
        assert censored == (not under.any())
        assert at == pytest.approx(grid[under.argmax()] if under.any() else 6.0, abs=2e-4)


def test_what_never_halves_is_censored_at_the_last_level_and_the_first_crossing_counts():
    found = halvings([[1.0, 0.9, 0.8, 0.7, 0.6, 0.51], [1.0, 0.2, 1.0, 1.0, 1.0, 1.0]], LEVELS)
    assert found.censored.tolist() == [True, False]
    assert found.levels == pytest.approx([5.0, 0.625])
    assert found.unending[0] == np.inf


def test_above_chance_it_halves_sooner_and_who_knows_nothing_has_nothing_to_lose():
    curve = [[1.0, 0.9, 0.8, 0.7, 0.6, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]]
    found = halvings(curve, LEVELS, floor=0.5)
    assert found.levels == pytest.approx([2.5, 0.0])
    assert halvings(curve, LEVELS).levels[0] == 5.0  # reaches exactly half at the end
    assert not halvings(curve, LEVELS).censored[0]


def test_the_median_stands_between_order_statistics_and_censoring_only_opens_the_top():
    found = Halvings(np.arange(1.0, 13.0), np.arange(12) >= 8)
    interval = median(found)
    assert (interval.low, interval.high) == (3.0, np.inf)  # the third and tenth of twelve
    assert interval.estimate == 6.5
    assert median(Halvings(np.arange(1.0, 13.0), np.zeros(12, bool))) == (6.5, 3.0, 10.0)
    assert median(Halvings(np.full(12, 5.0), np.ones(12, bool))) == (np.inf, np.inf, np.inf)


def curves(rng, n, steep=1.0):
    """Logistic curves whose middles vary from unit to unit: each halves (nearly) at its middle."""
    middles = rng.normal(2.6, 0.7, (n, 1))
    return 1 / (1 + np.exp((LEVELS - middles) * 3.0 * steep)), middles[:, 0]


def test_logistic_curves_halve_at_their_middles():
    rng = np.random.default_rng(3)
    fine = np.linspace(-4, 8, 400)
    middles = rng.uniform(1, 4, 50)
    found = halvings(1 / (1 + np.exp(3 * (fine - middles[:, None]))), fine)
    assert found.levels == pytest.approx(middles, abs=1e-3)


def test_both_intervals_cover_as_they_say():
    rng = np.random.default_rng(4)
    population = curves(rng, 200_000)[0]
    truth_mean = halvings(population.mean(axis=0, keepdims=True), LEVELS).levels[0]
    truth_median = np.median(halvings(population, LEVELS).unending)
    tries, held = 400, np.zeros(2)
    for _ in range(tries):
        some = curves(rng, 16)[0]
        mean = of_mean(some, LEVELS, resamples=400, seed=int(rng.integers(1 << 30))).at
        middle = median(halvings(some, LEVELS))
        held += mean.low <= truth_mean <= mean.high, middle.low <= truth_median <= middle.high
    error = 3 * np.sqrt(0.95 * 0.05 / tries)
    assert held[0] / tries > 0.95 - error
    assert held[1] / tries > 0.95 - error
    assert (held / tries < 1).all()  # neither covers by being endless


def test_a_mean_curve_that_stays_up_is_endless():
    found = of_mean(np.full((8, 6), 0.9), LEVELS, resamples=100)
    assert found.at == (np.inf, np.inf, np.inf)
    assert found.censored == 1.0


def test_bad_options_are_named():
    with pytest.raises(HeldoutError, match="share 1 and floor 0"):
        halvings([[1.0, 0.5]], [0, 1], share=1.0)
    with pytest.raises(HeldoutError, match="at least 2 rows"):
        of_mean([[1.0, 0.5]], [0, 1])
