import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.results.compare import Options, compare, profiles
from heldout.results.table import Items, Table
from heldout.stats import aggregate, clusters, profile, proportions, stratified


def runs(scores, *, paired=False, systems=None, tasks=None):
    systems = systems or tuple("ABCDEFGHIJKLMNOP"[: len(scores)])
    tasks = tasks or tuple(f"t{i}" for i in range(scores.shape[2]))
    kind = "leaderboard" if scores.shape[1] == 1 else "runs"
    return Table(kind, systems, tasks, np.asarray(scores, float), paired=paired)


def items(values, task=None, cluster=None):
    values = np.asarray(values, float)
    task = np.zeros(values.shape[1], int) if task is None else task
    names = tuple("ABCDEFGH"[: len(values)])
    means = np.stack([[np.nanmean(v[task == t]) for t in np.unique(task)] for v in values])[:, None]
    made = Items(values, np.ones(values.shape), task, cluster)
    return Table("items", names, tuple(f"t{t}" for t in np.unique(task)), means, made)


def test_unpaired_runs():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(3, 5, 4)) + np.array([0, 0.1, 2.0])[:, None, None]
    found = compare(runs(scores))
    first = found.systems[0]
    expected = stratified.iqm(scores[0])
    assert (first.iqm.estimate, first.iqm.low, first.iqm.high) == pytest.approx(tuple(map(float, expected)))
    assert [p.verdict for p in found.pairs] == ["undecided", "b better", "b better"]
    assert {p.paired_by for p in found.pairs} == {""}
    assert "relabellings within tasks, Holm over 3 pairs" in found.pairs[0].method
    assert found.pairs[0].more_units
    assert found.pairs[0].worth == 1
    assert [s.rank for s in found.systems] == [(2, 3), (2, 3), (1, 1)]
    assert found.rankings["kemeny"][0] == "C"
    assert len(found.profiles) == 3


def test_runs_paired_by_seed_see_what_seeds_share():
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(1, 8, 3)) * 3 + rng.normal(size=(2, 8, 3)) * 0.1 + np.array([0, 0.5])[:, None, None]
    assert compare(runs(scores)).pairs[0].verdict == "undecided"
    pair = compare(runs(scores, paired=True)).pairs[0]
    assert (pair.verdict, pair.paired_by) == ("b better", "seed")


def test_a_leaderboard_is_about_tasks_and_says_so():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(3, 1, 20)) + np.array([0, 0, 1.5])[:, None, None]
    found = compare(runs(scores))
    pair = found.pairs[1]
    assert (pair.paired_by, pair.unit, pair.n) == ("task", "task", 20)
    assert "tasks like these" in pair.assumption
    expected = stats.ttest_rel(scores[0, 0], scores[2, 0]).confidence_interval()
    assert (pair.difference.low, pair.difference.high) == pytest.approx((expected.low, expected.high))
    assert any("one score per task" in w for w in found.warnings)
    assert np.isfinite(found.systems[0].median.low)


def test_missing_cells_leave_common_tasks_and_are_said():
    scores = np.random.default_rng(3).random((3, 1, 12)) + np.arange(12) * 0.2
    scores[0, 0, :6] = np.nan  # the hard half is missing
    found = compare(runs(scores))
    assert found.systems[0].coverage == 0.5
    assert [p.n for p in found.pairs] == [6, 6, 12]
    assert any("A lacks hard tasks" in w for w in found.warnings)
    assert found.pairs[0].difference.estimate == pytest.approx(np.nanmean(scores[0, 0] - scores[1, 0]))


def test_systems_without_a_common_task():
    scores = np.random.default_rng(4).random((3, 1, 4))
    scores[0, 0, :2], scores[1, 0, 2:] = np.nan, np.nan
    pair = compare(runs(scores)).pairs[0]
    assert (pair.verdict, pair.n, pair.p_adjusted, pair.more_units) == ("undecided", 0, 1.0, None)
    assert np.isnan(pair.difference.estimate)


def test_a_one_run_system_beside_others_is_compared_over_tasks():
    scores = np.random.default_rng(5).normal(size=(3, 6, 9)) + np.array([0, 0, 9])[:, None, None]
    scores[2, 1:] = np.nan
    found = compare(runs(scores))
    assert [p.paired_by for p in found.pairs] == ["", "task", "task"]
    assert [p.verdict for p in found.pairs] == ["undecided", "b better", "b better"]
    assert np.isinf(found.systems[2].mean.high)
    assert any(w.startswith("C: one run of every task") for w in found.warnings)


def test_one_task_and_one_run_decide_nothing():
    pair = compare(runs(np.array([[[0.1]], [[0.9]]]))).pairs[0]
    assert (pair.verdict, pair.method) == ("undecided", "none")
    assert np.isinf(pair.difference.low)
    assert pair.p_adjusted == 1.0


@pytest.mark.parametrize("paired", [True, False])
def test_ties_and_constant_tasks(paired):
    scores = np.zeros((3, 4, 3))
    scores[:, :, 1] = np.random.default_rng(6).normal(size=(3, 4))
    scores[2, :, 2] = 1
    scores[1] = scores[0]
    found = compare(runs(scores, paired=paired))
    assert found.pairs[0].verdict == "undecided"
    assert found.pairs[0].difference.estimate == 0
    assert found.tasks[0].note == "all systems score the same"
    assert np.isfinite([p.p_adjusted for p in found.pairs]).all()


def test_one_system():
    found = compare(runs(np.random.default_rng(7).random((1, 3, 2))))
    assert found.pairs == ()
    assert found.systems[0].rank == (1, 1)


def test_zeros_and_ones_of_one_task():
    values = np.random.default_rng(8).random((2, 80)) < np.array([[0.5], [0.9]])
    found = compare(items(values))
    expected = proportions.wilson(int(values[0].sum()), 80)
    row = found.systems[0].mean
    assert (row.low, row.high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    pair = found.pairs[0]
    assert (pair.verdict, pair.paired_by, pair.unit, pair.n) == ("b better", "item", "item", 80)
    assert pair.probability_of_improvement.estimate == pytest.approx((1 + pair.difference.estimate) / 2)
    assert found.profiles == ()


def test_clusters_widen_the_interval_and_are_flipped_whole():
    rng = np.random.default_rng(9)
    cluster = np.repeat(np.arange(12), 10)
    gap = np.repeat(rng.normal(0.3, 0.8, 12), 10)
    values = np.stack([rng.normal(size=120), gap + rng.normal(size=120)])
    loose, tied = compare(items(values)).pairs[0], compare(items(values, cluster=cluster)).pairs[0]
    assert tied.difference.high - tied.difference.low > loose.difference.high - loose.difference.low
    expected = clusters.clustered(values[0] - values[1], cluster)
    assert (tied.difference.low, tied.difference.high) == pytest.approx((expected.low, expected.high))
    assert "whole clusters (12)" in tied.method
    assert any("only 12 clusters" in w for w in compare(items(values, cluster=cluster)).warnings)


def test_items_of_several_tasks_in_any_order():
    rng = np.random.default_rng(10)
    values, task = rng.random((3, 90)), rng.integers(0, 3, 90)
    order = np.argsort(task, kind="stable")
    mixed, sorted_ = compare(items(values, task)), compare(items(values[:, order], task[order]))
    assert mixed.pairs == sorted_.pairs
    assert mixed.systems == sorted_.systems
    expected = np.mean([values[0][task == t].mean() for t in range(3)])
    assert mixed.systems[0].mean.estimate == pytest.approx(expected)


def test_equivalent_only_with_a_margin():
    rng = np.random.default_rng(11)
    table = items(rng.random((1, 400)) + rng.normal(0, 0.01, (2, 400)))
    assert compare(table).pairs[0].verdict == "undecided"
    assert compare(table, Options(margin=0.05)).pairs[0].verdict == "equivalent"
    with pytest.raises(HeldoutError, match="positive difference"):
        Options(margin=-1.0)


def test_same_table_same_answer():
    table = runs(np.random.default_rng(12).random((4, 5, 6)))
    assert compare(table).pairs == compare(table).pairs


def test_profiles_are_the_shares_of_runs():
    scores = np.random.default_rng(13).random((2, 5, 4))
    made = profiles(runs(scores))
    np.testing.assert_allclose(made[1].share, profile.score_profile(scores[1], made[1].thresholds))
    assert (made[0].low <= made[0].share).all()


def test_win_rates_are_aggregates():
    scores = np.random.default_rng(14).random((3, 4, 5))
    found = compare(runs(scores))
    np.testing.assert_allclose(
        [s.win_rate.estimate for s in found.systems], aggregate.win_rate(aggregate.task_means(scores))
    )


def test_a_system_without_scores_is_an_error():
    scores = np.random.default_rng(15).random((2, 3, 2))
    scores[1] = np.nan
    with pytest.raises(HeldoutError, match="'B' has no score"):
        compare(runs(scores))


def test_family_wise_error_of_a_whole_comparison():
    """Four equal systems, unequal runs of skewed scores: any verdict counts."""
    rng, wrong, sims = np.random.default_rng(16), 0, 80
    for _ in range(sims):
        scores = rng.lognormal(0, 0.5, (4, 5, 4))
        scores[0, 3:] = np.nan
        from heldout.results.pairs import pairs

        wrong += any(p.verdict != "undecided" for p in pairs(runs(scores)))
    assert wrong / sims <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / sims)


def test_percentages_are_measured_to_a_hundred_and_folds_are_warned_of(tmp_path):
    from heldout.results.reading import read

    rows = ["model,dataset,fold,accuracy"]
    rows += [f"{s},{t},{f},{90 + f + (s == 'b')}%" for s in "ab" for t in "xy" for f in range(5)]
    (tmp_path / "r.csv").write_text("\n".join(rows))
    found = compare(read([str(tmp_path / "r.csv")]))
    assert found.target == 100
    assert found.systems[0].optimality_gap.estimate == pytest.approx(100 - found.systems[0].mean.estimate)
    assert any("folds" in w for w in found.warnings)
