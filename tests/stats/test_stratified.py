import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap, stratified


def test_one_task_gives_students_interval():
    runs = np.random.default_rng(0).normal(size=6)
    theirs = stats.ttest_1samp(runs, 0).confidence_interval(0.9)
    ours = stratified.mean(runs[:, None], level=0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_two_tasks_give_welchs_interval():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=7), 3 * rng.normal(size=4)
    table = np.full((7, 2), np.nan)
    table[:, 0], table[:4, 1] = a, b
    theirs = stats.ttest_ind(a, -b, equal_var=False).confidence_interval()
    ours = stratified.mean(table)
    assert (2 * ours.low, 2 * ours.high) == pytest.approx((theirs.low, theirs.high))


def test_one_task_gives_the_winsorised_error_of_a_trimmed_mean():
    runs = np.random.default_rng(2).standard_t(3, size=12)
    error = float(stats.mstats.trimmed_stde(runs, limits=(0.25, 0.25)))
    ours = stratified.iqm(runs[:, None])
    assert ours.high - ours.estimate == pytest.approx(stats.t.ppf(0.975, 11) * error)
    assert ours.estimate == pytest.approx(stats.trim_mean(runs, 0.25))


def test_optimality_gap_is_the_mean_of_shortfalls():
    table = np.random.default_rng(3).normal(1, 1, size=(5, 4))
    gap, mean = stratified.optimality_gap(table), stratified.mean(np.minimum(table, 1.0))
    assert gap.estimate == pytest.approx(1 - mean.estimate)
    assert (gap.low, gap.high) == pytest.approx((1 - mean.high, 1 - mean.low))


def test_the_median_of_one_task_has_nearly_students_interval():
    runs = np.random.default_rng(4).normal(size=9)
    theirs = stats.ttest_1samp(runs, 0).confidence_interval()
    ours = stratified.median(runs[:, None], np.random.default_rng(5), draws=200_000)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_the_hull_holds_the_estimate_and_is_wider_than_the_percentiles():
    table = np.exp(np.random.default_rng(6).normal(size=(5, 11)))
    ours = stratified.median(table, np.random.default_rng(7))
    plain = bootstrap.percentile(0.0, bootstrap.draws(table, 4_000, np.random.default_rng(8)).median)
    assert ours.low < ours.estimate < ours.high
    assert ours.high - ours.low > plain.high - plain.low


def test_batches_give_what_their_tables_give():
    stack = np.random.default_rng(9).normal(size=(2, 3, 5, 6))
    stack[0, 0, 2:, 1] = np.nan
    for function in (stratified.mean, stratified.iqm, stratified.optimality_gap):
        whole = function(stack)
        for i in np.ndindex(2, 3):
            np.testing.assert_allclose([part[i] for part in whole], function(stack[i]))
    assert stratified.median(stack, np.random.default_rng(0), draws=50).low.shape == (2, 3)


def test_a_single_run_borrows_the_variance_of_the_others():
    table = np.full((4, 3), np.nan)
    table[:, 0], table[:, 1] = [0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 4.0, 6.0]
    table[0, 2] = 1.0
    # variances 5/3 and 20/3, their mean 25/6 for the single run
    expected = np.sqrt((5 / 3 / 4 + 20 / 3 / 4 + 25 / 6) / 9)
    assert stratified.spread(table).error == pytest.approx(expected)


def test_single_runs_everywhere_leave_everything_open():
    table = np.arange(5.0)[None]
    rng = np.random.default_rng(0)
    for interval in (stratified.mean(table), stratified.iqm(table), stratified.median(table, rng)):
        assert (interval.low, interval.high) == (-np.inf, np.inf)
        assert interval.estimate == 2.0


def test_runs_that_agree_have_an_interval_of_no_width():
    table = np.tile(np.arange(5.0), (3, 1))
    rng = np.random.default_rng(0)
    for interval in (stratified.mean(table), stratified.iqm(table), stratified.median(table, rng)):
        assert interval.low == interval.high == 2.0


@pytest.mark.parametrize("runs", [3, 10])
def test_intervals_cover_where_the_percentile_does_not(runs):
    """The benchmark's question in small: log-normal scores, a fresh set of 26 tasks each time."""
    rng = np.random.default_rng(runs)
    repeats = 400
    level, spread = rng.normal(size=(repeats, 1, 26)), rng.uniform(0.15, 0.6, size=(repeats, 1, 26))
    tables = np.exp(level + spread * rng.normal(size=(repeats, runs, 26)) - spread**2 / 2)
    truth = {"mean": np.exp(level).mean(axis=(1, 2)), "median": np.median(np.exp(level), axis=(1, 2))}
    for name, interval in (
        ("mean", stratified.mean(tables)),
        ("median", stratified.median(tables, rng, draws=300)),
    ):
        covered = (interval.low <= truth[name]) & (truth[name] <= interval.high)
        assert covered.mean() > 0.93 - 3 * np.sqrt(0.93 * 0.07 / repeats)
    low, high = np.quantile([bootstrap.draws(t, 200, rng).median for t in tables[:100]], [0.025, 0.975], axis=1)
    percentile = ((low <= truth["median"][:100]) & (truth["median"][:100] <= high)).mean()
    assert percentile < (0.9 if runs == 3 else 0.97)


def test_unequal_runs_keep_the_point_estimates():
    table = np.random.default_rng(11).normal(size=(6, 5))
    table[3:, ::2] = np.nan
    assert stratified.iqm(table).estimate == pytest.approx(aggregate.iqm(table))
    assert stratified.mean(table).estimate == pytest.approx(aggregate.mean(table))


def test_win_rates_of_two_systems_mirror_each_other():
    rng = np.random.default_rng(12)
    a, b = rng.normal(0.3, 1, size=(5, 9)), rng.normal(0, 1, size=(4, 9))
    b[:, 2] = np.nan
    found = stratified.win_rate([a, b], rng)
    means = aggregate.task_means(a), aggregate.task_means(b)
    assert found.estimate[0] == pytest.approx((means[0] > means[1]).sum() / 8)
    assert found.estimate.sum() == pytest.approx(1)
    assert (found.low <= found.estimate).all()
    assert (found.estimate <= found.high).all()
    assert found.low[0] == pytest.approx(1 - found.high[1], abs=0.13)
    left_open = stratified.win_rate([a[:1], b], rng)
    assert (left_open.low.tolist(), left_open.high.tolist()) == ([0, 0], [1, 1])


def test_drawn_means_are_students():
    runs = np.random.default_rng(13).normal(size=(6, 2))
    runs[:, 1] = np.nan
    drawn = stratified.drawn_means(runs, np.random.default_rng(14), 20_000)
    assert np.isnan(drawn[:, 1]).all()
    scaled = (drawn[:, 0] - runs[:, 0].mean()) / (runs[:, 0].std(ddof=1) / np.sqrt(6))
    assert stats.kstest(scaled, stats.t(5).cdf).pvalue > 0.01
    with pytest.raises(HeldoutError, match="single run"):
        stratified.drawn_means(np.ones((1, 3)), np.random.default_rng(0))
