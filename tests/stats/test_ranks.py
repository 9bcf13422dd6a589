import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import ranks


def test_probabilities_count_ranks_and_share_ties():
    points = np.array([[3.0, 2, 1], [1, 2, 3], [2, 2, 1], [np.nan, 1, 1]])
    expected = np.array([[1 + 0.5, 0.5, 1 + 1], [0.5 + 0.5, 2 + 0.5 + 0.5, 0], [1 + 0.5, 0.5, 1 + 1]]) / 4
    np.testing.assert_allclose(ranks.probabilities(points), expected)


def test_two_systems_are_told_apart_exactly_by_the_paired_t_test():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(9, 2))
    gap = stats.t.ppf(0.975, 8) * (table[:, 0] - table[:, 1]).std(ddof=1) / 3
    errors = ranks.paired_errors(table, 200_000, rng)
    for factor, told in ((0.97, False), (1.03, True)):
        found = ranks.intervals(np.array([factor * gap, 0.0]), errors)
        assert found.above[0, 1] == told
        assert found.high.tolist() == ([1, 2] if told else [2, 2])


def test_equal_errors_give_tukeys_critical_value():
    rng = np.random.default_rng(1)
    errors = ranks.independent_errors(np.ones(4), np.full(4, 1e9), 100_000, rng)
    tukey = stats.studentized_range.ppf(0.95, 4, np.inf)  # its unit is one error, ours a difference's
    for factor, told in ((0.98, False), (1.02, True)):
        found = ranks.intervals(np.array([factor * tukey, 0, 0, 0]), errors)
        assert found.above[0, 1:].all() == told


def test_stepping_down_tells_more_apart():
    rng = np.random.default_rng(2)
    errors = ranks.independent_errors(np.ones(3), np.full(3, 1e9), 200_000, rng)
    z = rng.normal(size=(200_000, 3)) / np.sqrt(2)
    one_step = np.quantile(np.ptp(z, axis=1), 0.95)
    # once the third is above both, "third above first" and "third above second" are out of the maximum
    left = np.stack([z[:, 0] - z[:, 1], z[:, 1] - z[:, 0], z[:, 0] - z[:, 2], z[:, 1] - z[:, 2]], axis=1)
    between = np.sqrt(2) * (one_step + np.quantile(left.max(axis=1), 0.95)) / 2
    assert ranks.intervals(np.array([between, 0, 100]), errors).above[0, 1]
    assert not ranks.intervals(np.array([between, 0, 1]), errors).above[0, 1]


def test_all_true_ranks_are_held_together():
    rng = np.random.default_rng(3)
    truth = np.array([0.0, 0.0, 0.5, 1.0, 1.5])
    first = 1 + (truth[:, None] > truth).sum(axis=0)  # ranks of tied systems range over the tie
    last = len(truth) - (truth[:, None] < truth).sum(axis=0)
    held = 0
    for _ in range(300):
        table = truth + rng.normal(size=(12, 1)) + rng.normal(size=(12, 5))
        found = ranks.intervals(table.mean(axis=0), ranks.paired_errors(table, 500, rng))
        held += bool(((found.low <= first) & (last <= found.high)).all())
    assert held / 300 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 300)


def test_estimates_without_error_are_taken_at_their_word():
    errors = ranks.Errors(np.zeros((10, 3)), np.zeros((3, 3)))
    found = ranks.intervals(np.array([1.0, 2.0, 2.0]), errors)
    assert found.low.tolist() == [3, 1, 1]
    assert found.high.tolist() == [3, 2, 2]


def test_bad_errors_are_named():
    with pytest.raises(HeldoutError, match="3 estimates need"):
        ranks.intervals(np.zeros(3), ranks.Errors(np.zeros((5, 2)), np.zeros((2, 2))))
    with pytest.raises(HeldoutError, match="not finite"):
        ranks.independent_errors(np.array([1.0, np.inf]), np.ones(2), 10, np.random.default_rng(0))
    with pytest.raises(HeldoutError, match="complete units x systems"):
        ranks.paired_errors(np.array([[1.0, np.nan], [1.0, 2.0]]), 10, np.random.default_rng(0))
