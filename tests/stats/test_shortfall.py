from itertools import product

import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import power, shortfall, stratified
from heldout.stats.shortfall import Aim


def pilot(seed=0, runs=(4, 4), tasks=6, effect=0.3):
    rng = np.random.default_rng(seed)
    spread, level = rng.uniform(0.3, 1.2, tasks), rng.normal(size=tasks)
    return level + effect + spread * rng.normal(size=(runs[0], tasks)), level + spread * rng.normal(
        size=(runs[1], tasks)
    )


def stratified_p(a, b):
    """Two-sided p of the difference of two stratified means, with Satterthwaite's degrees of freedom."""
    one, two = stratified.spread(a), stratified.spread(b)
    error = np.hypot(one.error, two.error)
    freedom = error**4 / (one.error**4 / one.freedom + two.error**4 / two.freedom)
    shift = float(np.nanmean(a, axis=0).mean() - np.nanmean(b, axis=0).mean())
    return float(2 * stats.t.sf(abs(shift) / error, freedom))


def test_components_are_those_of_the_tables():
    a, b = pilot(runs=(4, 3))
    parts = shortfall.components(a, b)
    assert parts.difference == pytest.approx(a.mean() - b.mean())
    np.testing.assert_allclose(parts.within, [a.var(axis=0, ddof=1), b.var(axis=0, ddof=1)])
    assert parts.error() == pytest.approx(float(np.hypot(stratified.spread(a).error, stratified.spread(b).error)))
    noise = (parts.within / [[4], [3]]).sum(axis=0).mean()
    assert parts.between == pytest.approx(max(0.0, (a.mean(axis=0) - b.mean(axis=0)).var(ddof=1) - noise))


def test_the_variance_between_tasks_is_estimated_without_bias():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(400):
        true = rng.normal(0, 2, size=12)
        a, b = true + rng.normal(size=(3, 12)), rng.normal(size=(3, 12))
        found.append(shortfall.components(a, b).between)
    assert np.mean(found) == pytest.approx(4, abs=5 * np.std(found) / 20)


def test_one_task_takes_the_runs_of_welchs_test():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(5, 1)), rng.normal(size=(5, 1))
    b = (b - b.mean()) / b.std() * a.std()  # equal spreads: then Welch's test has the power of Student's
    parts = shortfall.components(a, b)
    effect = 0.8
    needed = power.least(lambda n: power.unpaired_t(effect, n), 0.8)
    assert shortfall.more_runs(parts, Aim(effect * a.std(ddof=1))) == needed - 5


def test_power_is_what_simulation_finds():
    parts = shortfall.components(*pilot())
    rng = np.random.default_rng(3)
    for more in (0, 4):
        found = np.mean([stratified_p(*_normal(parts, more, rng)) <= 0.05 for _ in range(1_000)])
        assert shortfall.power(parts, more) == pytest.approx(found, abs=0.045)


def _normal(parts, more, rng):
    draw = lambda level, within, n: level + np.sqrt(within) * rng.normal(size=(int(n[0]) + more, len(n)))  # noqa: E731
    return (
        draw(parts.differences, parts.within[0], parts.runs[0]),
        draw(0 * parts.differences, parts.within[1], parts.runs[1]),
    )


def test_power_rises_to_one_without_gaps():
    parts = shortfall.components(*pilot())
    rising = [shortfall.power(parts, 0, Aim(effect * parts.error())) for effect in np.linspace(0, 60, 121)]
    assert rising[0] == pytest.approx(0.05)
    assert (np.diff(rising) > -1e-6).all()
    assert rising[-1] == 1.0


def test_more_runs_is_the_fewest_that_reach_the_power():
    parts = shortfall.components(*pilot(effect=0.2))
    more = shortfall.more_runs(parts, Aim(0.25))
    assert more is not None
    assert more > 0
    assert shortfall.power(parts, more, Aim(0.25)) >= 0.8 > shortfall.power(parts, more - 1, Aim(0.25))
    assert shortfall.more_runs(parts, Aim(50.0)) == 0
    assert shortfall.more_runs(parts, Aim(0.0)) is None


def test_simulating_the_test_finds_about_as_many_runs():
    parts = shortfall.components(*pilot(seed=4))
    planned = shortfall.more_runs(parts, Aim(0.35))
    found = shortfall.more_runs_by_simulation(parts, stratified_p, np.random.default_rng(5), Aim(0.35), sims=200)
    assert planned is not None
    assert found is not None
    assert abs(found - planned) <= 0.35 * (planned + 4)
    never = lambda a, b: 1.0  # noqa: E731
    assert shortfall.more_runs_by_simulation(parts, never, np.random.default_rng(6), sims=2, cap=8) is None


def test_simulated_tables_have_the_moments_of_the_pilot():
    a, b = pilot(runs=(6, 5))
    a[4:, 0] = np.nan
    parts = shortfall.components(a, b)
    first, second = shortfall.simulated(parts, 4_000, np.random.default_rng(7), Aim(2.0))
    assert np.isnan(first[:, 0]).sum() == 2
    assert np.nanmean(first, axis=0).mean() - second.mean() == pytest.approx(2.0, abs=0.1)
    np.testing.assert_allclose(np.nanvar(first, axis=0), parts.within[0], rtol=0.15)


def test_tasks_settle_what_runs_cannot():
    rng = np.random.default_rng(8)
    true = rng.normal(0.5, 1, size=8)
    a, b = true + 0.01 * rng.normal(size=(3, 8)), 0.01 * rng.normal(size=(3, 8))
    parts = shortfall.components(a, b)
    assert shortfall.more_runs(parts) == 0  # on these tasks it is settled
    effect = parts.difference / np.sqrt(parts.between)
    needed = power.least(lambda n: power.paired_t(effect, n), 0.8)
    more = shortfall.more_tasks(parts, 3)
    assert more is not None
    assert abs(8 + more - needed) <= 1
    assert shortfall.power_over_tasks(parts, 8, 10_000) < 0.8


def test_items_are_those_of_the_paired_t_test():
    differences = np.random.default_rng(10).normal(0.1, 1, size=30)
    needed = power.least(lambda n: power.paired_t(0.3 / differences.std(ddof=1), n), 0.8)
    assert shortfall.more_items(differences, Aim(0.3)) == needed - 30
    assert shortfall.more_items(differences + 5) == 0


def test_runs_are_spent_where_they_are_worth_most():
    parts = shortfall.components(*pilot(seed=9, runs=(3, 2), tasks=2))
    best = min(
        (parts.error(np.reshape(spent, (2, 2))) for spent in product(range(6), repeat=4) if sum(spent) == 5), default=0
    )
    added = shortfall.allocated(parts, 5)
    assert added.sum() == 5
    assert parts.error(added) == pytest.approx(best)
    one = np.zeros((2, 2), dtype=int)
    one[np.unravel_index(np.argmax(shortfall.worth(parts)), (2, 2))] = 1
    assert shortfall.worth(parts).max() == pytest.approx(1 - parts.error(one) ** 2 / parts.error() ** 2)


def test_a_single_run_is_given_the_variance_of_the_others():
    a, b = pilot()
    a[1:, 2] = np.nan
    parts = shortfall.components(a, b)
    assert parts.within[0, 2] == pytest.approx(np.delete(a, 2, axis=1).var(axis=0, ddof=1).mean())


def test_what_cannot_be_planned_is_named():
    a, b = pilot()
    with pytest.raises(HeldoutError, match="run any task twice"):
        shortfall.components(a[:1], b)
    with pytest.raises(HeldoutError, match="same tasks"):
        shortfall.components(a, b[:, :2])
    lone = a.copy()
    lone[:, 1:] = np.nan
    other = b.copy()
    other[:, 0] = np.nan
    with pytest.raises(HeldoutError, match="no task in common"):
        shortfall.components(lone, other)
    with pytest.raises(HeldoutError, match="negative"):
        shortfall.allocated(shortfall.components(a, b), -1)
    assert shortfall.more_runs(shortfall.components(np.ones((3, 2)), np.zeros((3, 2)))) == 0
