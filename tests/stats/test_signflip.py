"""Sign flips against SciPy's exact test, against the definition spelt out, and against their own level."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats.groupsequential import first_rejection, limits
from heldout.stats.looks import schedule
from heldout.stats.signflip import orbit, signs


def by_definition(data: np.ndarray, looks: tuple[int, ...], planned: int, level: float) -> int:
    """The test in its plainest form: every sign pattern, look by look."""
    patterns = np.array(list(product([1, -1], repeat=looks[-1])))
    patterns = patterns[patterns[:, 0] == 1]  # a pattern and its mirror image have one statistic
    alive = np.ones(len(patterns), bool)
    for k, n in enumerate(looks):
        sizes = np.round(np.abs(patterns[:, :n] @ data[:n]), 9)
        quota = int(level * (k + 1) / planned * len(patterns) + 1e-9)
        for value in np.unique(sizes[alive])[::-1]:
            tied = alive & (sizes == value)
            if (~alive | tied).sum() > quota:
                break
            if tied[0]:
                return k
            alive &= ~tied
    return len(looks)


def test_one_look_agrees_with_scipys_exact_permutation_test():
    generator = np.random.default_rng(1)
    for _ in range(20):
        data = generator.standard_normal(9) + 0.5
        p = stats.permutation_test(
            (data,), lambda x, axis: np.abs(x.sum(axis=axis)), permutation_type="samples", alternative="greater",
            n_resamples=np.inf, vectorized=True,
        ).pvalue  # fmt: skip
        one = orbit(data, (9,))
        assert first_rejection(one, p * 1.001)[0] == 0
        assert first_rejection(one, p * 0.999)[0] == 1


@pytest.mark.parametrize("level", [0.05, 0.2, 0.5])
def test_looks_agree_with_the_definition_also_where_sums_tie(level):
    generator = np.random.default_rng(2)
    looks = (4, 6, 8, 10)
    for trial in range(60):
        data = generator.integers(-2, 4, 10).astype(float) if trial % 2 else generator.standard_normal(10) + 0.7
        assert first_rejection(orbit(data, looks), level)[0] == by_definition(data, looks, 4, level)


def test_the_level_is_exact_by_enumeration():
    sizes = np.array([3.0, 1.0, 0.2, 5.0, 2.5, 0.7, 1.1, 4.0])
    flipped = np.array(list(product([1, -1], repeat=8))) * sizes
    found = first_rejection(orbit(flipped, (4, 6, 8)), 0.05)
    assert (found <= 0).mean() <= 0.05 / 3
    assert (found <= 1).mean() <= 0.05 * 2 / 3
    assert (found <= 2).mean() == int(0.05 * 128) / 128  # no coarser than the patterns allow


@pytest.mark.parametrize("law", ["standard_normal", "lognormal", "bernoulli"])
def test_peeking_after_every_look_keeps_the_level(law):
    generator, looks = np.random.default_rng(3), schedule(64)
    if law == "bernoulli":
        data = (generator.random((2, 3000, 64)) < 0.5).astype(float)
    else:
        data = getattr(generator, law)(size=(2, 3000, 64))
    wrong = (first_rejection(orbit(data[0] - data[1], looks), 0.05) < len(looks)).mean()
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 3000)


def test_the_interval_is_what_the_test_does_not_reject():
    generator, looks = np.random.default_rng(4), (4, 6, 8, 12)
    for _ in range(10):
        data = generator.standard_normal(12) + 0.4
        one = orbit(data, looks)
        low, high = limits(one, 0.2)[0, -1]
        for mu in np.linspace(-2, 3, 101):
            rejected = first_rejection(one, 0.2, mu)[0] < 4
            if not low - 0.02 < mu < low + 0.02 and not high - 0.02 < mu < high + 0.02:
                assert rejected == (mu < low or mu > high)


def test_intervals_are_nested_in_time_move_with_the_data_and_know_nothing_at_first():
    data, looks = np.random.default_rng(5).standard_normal((3, 48)), schedule(48)
    ends = limits(orbit(data, looks), 0.05)
    assert np.isinf(ends[:, 0]).all()
    assert (np.diff(ends[:, 3:, 0], axis=1) >= 0).all()
    assert (np.diff(ends[:, 3:, 1], axis=1) <= 0).all()
    assert np.allclose(limits(orbit(1e6 + 2 * data, looks), 0.05)[:, 4:], 1e6 + 2 * ends[:, 4:], atol=1e-3)


def test_coverage_of_a_shift_holds_at_the_stopping_time():
    generator, looks = np.random.default_rng(6), schedule(32)
    data = generator.standard_normal((600, 32)) + 0.8
    one = orbit(data, looks)
    at = np.minimum(first_rejection(one, 0.05), len(looks) - 1)
    ends = limits(one, 0.05)[np.arange(600), at]
    covered = ((ends[:, 0] <= 0.8) & (ends[:, 1] >= 0.8)).mean()
    assert covered >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 600)


def test_more_units_leave_earlier_looks_as_they_were():
    data = np.random.default_rng(7).standard_normal((4, 64))
    long, short = orbit(data, schedule(64)), orbit(data[:, :24], schedule(64))
    assert np.allclose(limits(long, 0.05)[:, :6], limits(short, 0.05))
    assert (signs(64)[:, :20] == signs(20)).all()


def test_constant_data():
    looks = schedule(12)
    assert first_rejection(orbit(np.zeros(12), looks), 0.05)[0] == len(looks)
    assert first_rejection(orbit(np.ones(12), looks), 0.05)[0] == 2


def test_too_few_units_for_a_first_look():
    with pytest.raises(HeldoutError, match="first look takes 4"):
        orbit(np.ones(3), (4, 6))


def test_sums_over_many_blocks_of_units_are_sums():
    data = np.random.default_rng(8).standard_normal((2, 300))
    one, flips = orbit(data, (50, 100, 300)), signs(300).astype(float)
    for k, n in enumerate((50, 100, 300)):
        assert np.allclose(
            one.unit[:, None] * one.sums[k] + one.centre[:, None] * one.slopes[k],
            data[:, :n] @ flips[:, :n].T,
            atol=1e-3,
        )
        assert (one.slopes[k] == flips[:, :n].sum(axis=1)).all()
