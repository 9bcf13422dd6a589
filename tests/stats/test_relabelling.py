"""Relabellings against SciPy's exact test, against their own level, and with groups of unequal size."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats.groupsequential import first_rejection, limits
from heldout.stats.looks import schedule
from heldout.stats.relabelling import orbit


@pytest.mark.parametrize(("a", "b"), [(5, 5), (4, 6)])
def test_one_look_agrees_with_scipys_exact_permutation_test(a, b):
    generator = np.random.default_rng(1)
    for _ in range(15):
        x, y = generator.standard_normal(a) + 1, generator.standard_normal(b)
        p = stats.permutation_test(
            (x, y), lambda u, v, axis: np.abs(u.mean(axis=axis) - v.mean(axis=axis)), alternative="greater",
            n_resamples=np.inf, vectorized=True,
        ).pvalue  # fmt: skip
        one = orbit(x, y, [(a, b)])
        assert first_rejection(one, p * 1.001)[0] == 0
        assert first_rejection(one, p * 0.999)[0] == 1


def test_the_level_is_exact_by_enumeration_of_labels_within_looks():
    values = np.array([0.3, 1.0, 2.2, 4.1, 0.9, 3.0, 5.5, 0.1, 7.0, 2.7])
    first, second = [], []
    for early in combinations(range(6), 3):
        for late in combinations(range(6, 10), 2):
            mine = [*early, *late]
            first.append(values[mine])
            second.append(values[[i for i in range(10) if i not in mine]])
    found = first_rejection(orbit(np.array(first), np.array(second), [(3, 3), (5, 5)]), 0.1)
    assert (found < 2).mean() <= 0.1
    assert (found < 2).mean() >= 0.1 - 4 / len(first)


@pytest.mark.parametrize("law", ["standard_normal", "lognormal"])
def test_peeking_after_every_look_keeps_the_level(law):
    generator, looks = np.random.default_rng(2), [(n, n) for n in schedule(32)]
    data = getattr(generator, law)(size=(2, 2000, 32))
    wrong = (first_rejection(orbit(data[0], data[1], looks), 0.05) < len(looks)).mean()
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_groups_of_unequal_size_keep_the_level_and_find_an_effect():
    generator, looks = np.random.default_rng(3), [(4, 6), (7, 8), (10, 10), (20, 14)]
    x, y = generator.standard_normal((2000, 20)), generator.standard_normal((2000, 14))
    wrong = (first_rejection(orbit(x, y, looks), 0.05) < 4).mean()
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert (first_rejection(orbit(x + 2, y, looks), 0.05) < 4).mean() > 0.95


def test_the_interval_is_what_the_test_does_not_reject():
    generator, looks = np.random.default_rng(4), [(4, 4), (6, 6), (8, 8)]
    x, y = generator.standard_normal(8) + 1, generator.standard_normal(8)
    one = orbit(x, y, looks)
    assert one.estimates()[-1, 0] == pytest.approx(x.mean() - y.mean(), abs=1e-6)
    low, high = limits(one, 0.2)[0, -1]
    for mu in np.linspace(-3, 5, 161):
        if min(abs(mu - low), abs(mu - high)) > 0.03:
            assert (first_rejection(one, 0.2, mu)[0] < 3) == (mu < low or mu > high)


@pytest.mark.parametrize("looks", [[(8, 8)], [(4, 4), (3, 6)]])
def test_looks_that_the_groups_cannot_reach_are_an_error(looks):
    with pytest.raises(HeldoutError):
        orbit(np.ones(5), np.ones(7), looks)
