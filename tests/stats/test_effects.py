import numpy as np
import pytest
from scipy.stats import mannwhitneyu, nct, norm
from statsmodels.stats.proportion import proportion_confint

from heldout.core.errors import HeldoutError
from heldout.stats import effects

RNG = np.random.default_rng(9)


def test_superiority_is_u_over_all_pairs():
    a, b = np.round(RNG.normal(0.5, 1, 12), 1), np.round(RNG.normal(0, 1, 9), 1)
    share = mannwhitneyu(a, b).statistic / (12 * 9)
    assert effects.superiority(a, b).estimate == pytest.approx(share)
    assert effects.cliffs_delta(a, b).estimate == pytest.approx(np.sign(a[:, None] - b).mean())
    low, high = effects.superiority(b, a)[1:]
    assert (1 - high, 1 - low) == pytest.approx(effects.superiority(a, b)[1:])


def test_the_limits_of_superiority_are_z_standard_errors_away():
    a, b = RNG.normal(0.5, 1, 12), RNG.normal(0, 1, 9)
    share, low, high = effects.superiority(a, b)
    for theta in (low, high):  # Hanley and McNeil (1982), both sample sizes replaced by their mean
        q1, q2, n = theta / (2 - theta), 2 * theta**2 / (1 + theta), (12 + 9) / 2
        variance = (theta * (1 - theta) + (n - 1) * (q1 + q2 - 2 * theta**2)) / (12 * 9)
        assert abs(share - theta) / np.sqrt(variance) == pytest.approx(1.959964, abs=1e-5)


@pytest.mark.parametrize(("shift", "m", "n"), [(0.0, 5, 5), (1.0, 8, 12), (2.5, 10, 10)])
def test_superiority_covers(shift, m, n):
    truth = norm.cdf(shift / np.sqrt(2))
    covered = 0
    for _ in range(500):
        _, low, high = effects.superiority(RNG.normal(shift, 1, m), RNG.normal(0, 1, n))
        covered += low <= truth <= high
    assert covered >= 0.92 * 500


def test_complete_separation_is_not_certainty():
    assert effects.superiority([3.0, 4.0, 5.0], [0.0, 1.0, 2.0]).high == 1.0
    assert 0.3 < effects.superiority([3.0, 4.0, 5.0], [0.0, 1.0, 2.0]).low < 0.8
    assert effects.superiority([0.0], [1.0]).low == 0.0
    assert effects.superiority([1.0] * 4, [1.0] * 4).estimate == 0.5


def test_paired_superiority_is_wilsons_without_ties():
    found = effects.paired_superiority([1, 2, 3, -1, 2])
    assert found[1:] == pytest.approx(proportion_confint(4, 5, method="wilson"))
    assert effects.paired_superiority([0.0, 1.0], [0.0, 0.0]).estimate == 0.75


def test_standardised_differences_invert_the_noncentral_t():
    a, b = RNG.normal(1, 1, 10), RNG.normal(0, 1, 14)
    g, low, high = effects.standardised(a, b)
    pooled = np.sqrt((a.var(ddof=1) * 9 + b.var(ddof=1) * 13) / 22)
    d, root = (a.mean() - b.mean()) / pooled, np.sqrt(10 * 14 / 24)
    assert g / d == pytest.approx(1 - 3 / (4 * 22 - 1), abs=1e-4)  # Hedges' approximation
    factor = g / d
    assert nct.cdf(d * root, 22, low / factor * root) == pytest.approx(0.975, abs=1e-6)
    assert nct.cdf(d * root, 22, high / factor * root) == pytest.approx(0.025, abs=1e-6)


def test_standardised_differences_are_unbiased_and_cover():
    found = np.array([effects.standardised_paired(RNG.normal(0.8, 1, 8)) for _ in range(500)])
    assert found[:, 0].mean() == pytest.approx(0.8, abs=0.07)
    assert ((found[:, 1] <= 0.8) & (found[:, 2] >= 0.8)).mean() >= 0.92
    assert effects.standardised_paired(RNG.normal(30, 1, 20)).low > 15


def test_values_that_do_not_vary_have_no_standardised_difference():
    with pytest.raises(HeldoutError, match="do not vary"):
        effects.standardised([1.0, 1.0], [0.0, 0.0])
    with pytest.raises(HeldoutError, match="at least 3"):
        effects.standardised_paired([1.0, 2.0])


def test_intervals_of_huge_effects_are_finite():
    for values in ([1.0, 1.001, 1.002], [3e6, 3.1e6, 3.05e6, 3.2e6]):
        found = effects.standardised_paired(values)
        assert 0 < found.low < found.estimate < found.high
