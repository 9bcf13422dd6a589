import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import improvement

A = np.random.default_rng(0).normal(0.3, 1, size=(6, 4))
B = np.random.default_rng(1).normal(0.0, 1, size=(5, 4))


def test_each_task_is_a_mann_whitney_statistic():
    for a, b in ((A, B), (np.round(A), np.round(B))):
        expected = [stats.mannwhitneyu(x, y).statistic / 30 for x, y in zip(a.T, b.T, strict=True)]
        np.testing.assert_allclose(improvement.per_task(a, b), expected)
        assert improvement.probability(a, b) == pytest.approx(np.mean(expected))
        assert improvement.probability(a, b) + improvement.probability(b, a) == pytest.approx(1)


def test_one_task_is_the_test_of_brunner_and_munzel():
    a, b = A[:, :1], B[:, :1]
    theirs = stats.brunnermunzel(b[:, 0], a[:, 0])
    # the level at which the interval just touches one half is one minus the p-value
    ours = improvement.interval(a, b, level=1 - theirs.pvalue)
    nearest = ours.low if ours.estimate > 0.5 else ours.high
    assert nearest == pytest.approx(0.5)


def test_missing_runs_and_tasks_are_left_out():
    a, b = A.copy(), B.copy()
    a[:, 3], b[3:, 0], b[:, 2] = np.nan, np.nan, np.nan
    expected = np.mean(
        [
            stats.mannwhitneyu(a[:, 0], b[:3, 0]).statistic / 18,
            stats.mannwhitneyu(a[:, 1], b[:, 1]).statistic / 30,
        ]
    )
    assert improvement.probability(a, b) == pytest.approx(expected)
    drawn = improvement.draws([a, b], [(0, 1), (1, 0)], 4_000, np.random.default_rng(2))
    assert drawn[0].mean() == pytest.approx(expected, abs=5 * drawn[0].std() / np.sqrt(4_000))
    np.testing.assert_allclose(drawn[0] + drawn[1], 1)


def test_draws_agree_with_plain_resampling():
    rng = np.random.default_rng(3)
    drawn = improvement.draws([A, B], [(0, 1)], 20_000, rng)[0]
    index = lambda table: rng.integers(0, len(table), table.shape)  # noqa: E731
    plain = [
        improvement.probability(np.take_along_axis(A, index(A), 0), np.take_along_axis(B, index(B), 0))
        for _ in range(1_500)
    ]
    assert drawn.mean() == pytest.approx(np.mean(plain), abs=5 * np.std(plain) / np.sqrt(1_500))
    assert drawn.std() == pytest.approx(np.std(plain), rel=0.08)


def test_intervals_of_five_runs_cover():
    rng = np.random.default_rng(4)
    shift = rng.normal(0, 1, size=10)
    truth = stats.norm.cdf(shift / np.sqrt(2)).mean()
    ends = [improvement.interval(shift + rng.normal(size=(5, 10)), rng.normal(size=(5, 10))) for _ in range(400)]
    assert np.mean([e.low <= truth <= e.high for e in ends]) > 0.93 - 3 * 0.0128


def test_what_cannot_be_known_is_left_open():
    assert improvement.interval(A[:1], B) == (improvement.probability(A[:1], B), 0.0, 1.0)
    assert improvement.interval(A + 100, B) == (1.0, 1.0, 1.0)


def test_tables_without_a_common_task_are_refused():
    with pytest.raises(HeldoutError, match="same tasks"):
        improvement.probability(A, B[:, :2])
    a, b = A.copy(), B.copy()
    a[:, :2] = b[:, 2:] = np.nan
    with pytest.raises(HeldoutError, match="no task in common"):
        improvement.probability(a, b)
    with pytest.raises(HeldoutError, match="no task in common"):
        improvement.draws([a, b], [(0, 1)], 10, np.random.default_rng(0))
