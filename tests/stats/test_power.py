import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower, TTestPower

from heldout.core.errors import HeldoutError
from heldout.stats import means, permutation, power

RNG = np.random.default_rng(10)


@pytest.mark.parametrize("effect", [0.2, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("n", [4, 12, 40])
def test_powers_of_t_tests_agree_with_statsmodels(effect, n):
    for ours, theirs in ((power.paired_t, TTestPower()), (power.unpaired_t, TTestIndPower())):
        wanted = theirs.power(effect, n, 0.05)
        if np.isnan(wanted):  # as SciPy's noncentral t is, in some versions, where the power is next to 1
            assert (effect, n) == (2.0, 40)
            wanted = 1.0
        assert ours(effect, n) == pytest.approx(wanted)


def test_power_rises_to_one_without_gaps():
    for n in (3, 10, 100, 5_000):
        rising = [power.paired_t(effect, n) for effect in np.linspace(0, 30, 121)]
        assert rising[0] == pytest.approx(0.05)
        assert (np.diff(rising) > -1e-6).all()
        assert power.paired_t(-2.0, n) == power.paired_t(2.0, n)


def test_the_sample_sizes_of_colas_and_others_are_reached():
    # Welch's t, effect 1 sd: 17 per arm; 0.5 sd: 64
    assert power.least(lambda n: power.unpaired_t(1.0, n)) == 17
    assert power.least(lambda n: power.unpaired_t(0.5, n)) == 64
    assert power.least(lambda n: power.paired_t(0.5, n)) == 34


@pytest.mark.parametrize(
    ("rate", "bound", "n"), [(0.6, 0.5, 199), (0.8, 0.5, 20), (0.95, 0.5, 9), (0.95, 0.9, 231), (0.99, 0.9, 54)]
)
def test_exact_binomial_sample_sizes(rate, bound, n):
    assert power.least(lambda k: power.proportion(rate, bound, k)) == n


def test_powers_of_proportions_are_sums_over_outcomes():
    # 6 of 6 successes is the only rejection of 1/2 by six trials on the upper side, 0 of 6 on the lower one
    assert power.sign_test(0.9, 6) == pytest.approx(0.9**6 + 0.1**6)
    assert power.sign_test(1.0, 5) == 0.0


def test_simulated_power_agrees_with_the_closed_form():
    def paired_t(rng, n):
        return means.paired(rng.normal(0.8, 1, n)).p

    assert power.simulated(paired_t, 15, sims=800) == pytest.approx(power.paired_t(0.8, 15), abs=0.05)

    def flips(rng, n):
        return permutation.paired(rng.normal(1.0, 1, n), resamples=255).p

    assert power.least(lambda n: power.simulated(flips, n, sims=400)) in (9, 10, 11)


def test_items_follow_millers_formula():
    items = power.Items(between=0.3, first=0.4, second=0.5, repeats=4)
    needed = power.items_needed(0.05, items)
    assert needed == np.ceil((1.959964 + 0.841621) ** 2 * (0.09 + 0.41 / 4) / 0.05**2)
    assert power.items_power(0.05, needed, items) == pytest.approx(0.8, abs=0.005)
    theirs = NormalIndPower().power(0.05 / np.sqrt(items.variance), needed, 0.05, ratio=0)
    assert power.items_power(0.05, needed, items) == pytest.approx(theirs)
    grouped = power.Items(between=0.3, first=0.4, second=0.5, repeats=4, size=5, correlation=0.25)
    assert grouped.variance == pytest.approx(2 * items.variance)


def test_two_level_power_agrees_with_simulation():
    levels = power.Levels(tasks=0.5, runs=1.0)
    hits = 0
    for _ in range(1500):
        table = 0.5 + RNG.normal(0, 0.5, (10, 1)) + RNG.normal(0, 1, (10, 5))
        hits += means.paired(table.mean(axis=1)).p <= 0.05
    assert power.levels_power(0.5, 10, 5, levels) == pytest.approx(hits / 1500, abs=0.04)


def test_runs_needed_says_when_only_tasks_help():
    levels = power.Levels(tasks=0.3, runs=1.0)
    needed = power.runs_needed(0.5, 10, levels)
    assert power.levels_power(0.5, 10, needed, levels) >= 0.8 > power.levels_power(0.5, 10, needed - 1, levels)
    with pytest.raises(HeldoutError, match=r"it takes \d+ tasks"):
        power.runs_needed(0.1, 10, levels)


def test_a_pilot_gives_back_its_variance_components():
    table = RNG.normal(0, 0.7, (3000, 1)) + RNG.normal(0, 1.2, (3000, 3))
    levels = power.Levels.of(table)
    assert levels.tasks == pytest.approx(0.7, abs=0.08)
    assert levels.runs == pytest.approx(1.2, abs=0.07)


def test_what_no_n_can_show_is_an_error():
    with pytest.raises(HeldoutError, match="no n up to 1000"):
        power.least(lambda n: power.paired_t(0.001, n), cap=1_000)
    with pytest.raises(HeldoutError, match="smallest one that matters"):
        power.items_needed(0.0, power.Items(0.3))
    with pytest.raises(HeldoutError, match="two tasks"):
        power.levels_power(0.5, 1, 5, power.Levels(0.1, 1.0))
    with pytest.raises(HeldoutError, match="rate is 2"):
        power.proportion(2, 0.5, 10)
    with pytest.raises(HeldoutError, match="standard deviations"):
        power.Items(-1.0)
