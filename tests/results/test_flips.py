import numpy as np
import pytest

from heldout.results import flips, paired
from heldout.results.units import Units
from heldout.stats import multiplicity


def found(values, task=None):
    first, second = np.triu_indices(len(values), 1)
    task = np.zeros(values.shape[1], int) if task is None else task
    return paired.paired(Units(values, task, "item"), first, second), (values[first] - values[second]).T


def test_all_flips_of_one_stratum_are_westfall_and_youngs():
    values = np.random.default_rng(0).normal(size=(4, 11)) + np.arange(4)[:, None]
    parts, differences = found(values)
    answer = flips.step_down(parts)
    assert answer.exact
    np.testing.assert_allclose(answer.adjusted, multiplicity.step_down(differences))


def test_random_flips_agree_within_their_error():
    values = np.random.default_rng(1).normal(size=(3, 40)) + 0.2 * np.arange(3)[:, None]
    parts, differences = found(values)
    np.testing.assert_allclose(flips.step_down(parts).adjusted, multiplicity.step_down(differences), atol=0.02)


def test_strata_are_brute_force_over_all_flips():
    task = np.repeat([0, 1], 5)
    parts, differences = found(np.random.default_rng(2).normal(size=(2, 10)) + np.array([[0], [1.0]]), task)

    def statistic(d):
        halves = d[:5], d[5:]
        return abs(sum(h.mean() for h in halves)) / np.sqrt(sum(h.var(ddof=1) / 5 for h in halves))

    d = differences[:, 0]
    signs = 1 - 2 * ((np.arange(2**10)[:, None] >> np.arange(10)) & 1)
    reference = np.array([statistic(d * s) for s in signs])
    assert flips.step_down(parts).p[0] == pytest.approx((reference >= statistic(d) - 1e-12).mean())


def test_effects_of_tasks_do_not_hide_a_difference_of_the_mean():
    rng = np.random.default_rng(3)
    task, effect = np.repeat(np.arange(20), 5), np.repeat(rng.normal(0.3, 2, 20), 5)
    values = np.stack([rng.normal(0, 0.3, 100), effect + rng.normal(0, 0.3, 100)])
    parts, differences = found(values, task)
    if abs(parts.difference[0]) > 5 * parts.error[0]:
        assert flips.step_down(parts).p[0] < 0.001
    assert multiplicity.step_down(differences)[0] > flips.step_down(parts).p[0]


def test_constant_and_absent_differences():
    values = np.array([[1.0] * 8, [1.0] * 8, [2.0] * 8])
    answer = flips.step_down(found(values)[0])
    assert answer.adjusted[0] == 1.0
    np.testing.assert_allclose(answer.adjusted[1:], 2 / 2**8)


@pytest.mark.parametrize("shape", ["normal", "lognormal", "bernoulli"])
def test_family_wise_error_of_equal_systems(shape):
    """Five exchangeable systems, twelve units: ten pairs, any wrong verdict counts."""
    rng = np.random.default_rng(7)
    draw = {
        "normal": lambda: rng.normal(size=(5, 12)),
        "lognormal": lambda: rng.lognormal(size=(5, 12)),
        "bernoulli": lambda: (rng.random((5, 12)) < 0.5).astype(float),
    }[shape]
    sims = 250
    wrong = sum(flips.step_down(found(draw())[0]).adjusted.min() <= 0.05 for _ in range(sims))
    assert wrong / sims <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / sims)


def test_blocks_keep_the_level_and_hardly_lose_power(monkeypatch):
    monkeypatch.setattr(paired, "BLOCKS", 64)
    rng = np.random.default_rng(5)
    wrong = sum(flips.step_down(found(rng.normal(size=(2, 640)))[0]).p[0] <= 0.05 for _ in range(120))
    assert wrong <= 13
    parts, _ = found(rng.normal(size=(2, 640)) + np.array([[0.0], [0.25]]))
    assert flips.step_down(parts).p[0] < 0.01
