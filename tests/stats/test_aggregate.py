import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate


@pytest.fixture
def balanced():
    return np.exp(np.random.default_rng(1).normal(size=(7, 13)))


@pytest.fixture
def ragged():
    scores = np.exp(np.random.default_rng(2).normal(size=(4, 3)))
    scores[2:, 0] = np.nan
    scores[1:, 2] = np.nan
    return scores


def test_iqm_is_scipys_trimmed_mean_where_runs_are_equal(balanced):
    for table in (balanced, balanced[:3], balanced[:1], balanced[:, :1]):
        assert aggregate.iqm(table) == pytest.approx(stats.trim_mean(table, 0.25, axis=None), rel=1e-12)


def test_both_ways_to_the_iqm_agree_on_balanced_tables(balanced):
    kept, order = aggregate.inner_weights(balanced)
    assert (kept * balanced.ravel()[order]).sum() == pytest.approx(aggregate.iqm(balanced), rel=1e-12)


def test_iqm_of_ragged_tables_is_that_of_copies_with_equal_weights(ragged):
    # 2, 4 and 1 runs: 42, 21 and 84 copies of each run weigh as 1 / (3 n); the cut of floor(7 / 4) / 7 is 36 of 252.
    copies = np.concatenate([np.repeat(ragged[~np.isnan(ragged[:, t]), t], 84 // n) for t, n in enumerate((2, 4, 1))])
    assert len(copies) == 252
    assert aggregate.iqm(ragged) == pytest.approx(np.sort(copies)[36:-36].mean(), rel=1e-12)


def test_a_missing_cell_is_left_out_not_counted_as_zero(balanced):
    wider = np.column_stack([balanced, np.full(len(balanced), np.nan)])
    for function in (aggregate.iqm, aggregate.mean, aggregate.median, aggregate.optimality_gap):
        assert function(wider) == pytest.approx(function(balanced), rel=1e-12)
    assert aggregate.coverage(wider) == pytest.approx(13 / 14)


def test_mean_median_and_gap_on_a_table_worked_by_hand():
    scores = np.array([[0.0, 1.0, 4.0], [2.0, np.nan, 6.0]])
    assert aggregate.task_means(scores).tolist() == [1.0, 1.0, 5.0]
    assert aggregate.mean(scores) == pytest.approx(7 / 3)
    assert aggregate.median(scores) == 1.0
    # shortfalls below 1.5: 1.5 and 0 on the first task, 0.5 on the second, none on the third
    assert aggregate.optimality_gap(scores, target=1.5) == pytest.approx((0.75 + 0.5 + 0.0) / 3)


def test_batches_give_what_their_tables_give(balanced, ragged):
    stack = np.stack([ragged, ragged * 2, ragged[::-1]])
    for function in (aggregate.iqm, aggregate.mean, aggregate.median, aggregate.optimality_gap, aggregate.coverage):
        np.testing.assert_allclose(function(stack), [function(one) for one in stack], rtol=1e-12)
    halves = np.stack([balanced, balanced + 1])
    np.testing.assert_allclose(aggregate.iqm(halves), [aggregate.iqm(one) for one in halves], rtol=1e-12)


def test_weights_add_up_to_one_and_share_a_task_equally(ragged):
    weights = aggregate.weights(ragged)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights.sum(axis=0), 1 / 3)


def test_win_rate_counts_ties_half_and_only_common_tasks():
    means = np.array([[3.0, 1.0, np.nan], [2.0, 1.0, 5.0], [np.nan, 0.0, 6.0]])
    # first: 1.5 of 2 against the second, 1 of 1 against the third; second: 0.5 of 2 and 1 of 2
    np.testing.assert_allclose(aggregate.win_rate(means), [0.875, 0.375, 0.25])
    np.testing.assert_allclose(aggregate.win_rate(np.stack([means, means[::-1]]))[1], [0.25, 0.375, 0.875])
    assert np.isnan(aggregate.win_rate(np.array([[1.0, np.nan], [np.nan, 1.0]]))).all()


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (np.ones(3), "runs x tasks"),
        (np.array([[np.inf, 1.0]]), "infinite"),
        (np.full((2, 2), np.nan), "no score"),
        (np.empty((0, 3)), "no score"),
    ],
)
def test_unusable_tables_are_named(scores, words):
    with pytest.raises(HeldoutError, match=words):
        aggregate.iqm(scores)
