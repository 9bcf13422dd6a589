"""Rankings, tasks, plans and warnings of a table."""

import numpy as np
import pytest
from scipy import stats

from heldout.results import rankings, reviewer, shortfall, tasks
from heldout.results.pairs import pairs
from heldout.results.table import Table
from heldout.stats import shortfall as planned
from heldout.stats.voting import kemeny


def board(means):
    means = np.asarray(means, float)
    return Table(
        "leaderboard",
        tuple("ABCDEFGHIJKL"[: len(means)]),
        tuple(f"t{i}" for i in range(means.shape[1])),
        means[:, None],
    )


def said(table, **more):
    return reviewer.warnings(table, pairs(table), **more)


def test_kemeny_of_a_transitive_majority_is_kemenys():
    rng = np.random.default_rng(0)
    for _ in range(20):
        scores = rng.random((5, 7))
        points = rankings.kemeny(scores)
        if len(set(points.tolist())) < 5:  # a cycle, whose systems tie where several orders are best
            continue
        order = rankings.order(points, np.zeros(5))
        wins = (scores[:, None] > scores[None]).sum(axis=2).astype(float)
        assert kemeny.disagreement(wins, order) == pytest.approx(kemeny.kemeny(scores).cost)


def test_the_means_winner_is_not_everyones():
    table = board([[0.5, 0.5, 0.5, 9.0], [0.6, 0.6, 0.6, 1.0], [0.1, 0.1, 0.1, 0.5]])
    assert rankings.rankings(table)["mean"][0] == "A"
    assert rankings.rankings(table)["borda"][0] == "B"
    assert "B by median, plurality" in (rankings.dissent(table) or "")
    assert rankings.dissent(board([[1, 1], [0, 0]])) is None


def test_many_systems_leave_slow_rules_out():
    table = Table("leaderboard", tuple(map(str, range(70))), ("a", "b"), np.random.default_rng(1).random((70, 1, 2)))
    assert "kemeny" not in rankings.rankings(table)
    assert "borda" in rankings.rankings(table)


def test_tasks_that_decide_repeat_or_are_saturated():
    rng = np.random.default_rng(2)
    means = rng.random((6, 4))
    means[:, 1] = means[:, 0] ** 2 / 2
    means[:, 2] = 0.99 + 0.001 * np.arange(6)
    rows = tasks.tasks(board(means))
    assert rows[1].note == "redundant with t0"
    assert rows[2].note == "saturated"
    assert rows[0].spread == pytest.approx(means[:, 0].std(ddof=1))
    rest = means[:, 1:].mean(axis=1)
    assert rows[0].correlation == pytest.approx(stats.spearmanr(means[:, 0], rest).statistic)
    decisive = tasks.tasks(board([[0.2, 0.3, 0.9], [0.4, 0.4, 0.1]]))
    assert [r.note for r in decisive] == ["", "", "decides the winner"]


def test_correlations_are_spearmans():
    means = np.random.default_rng(3).integers(0, 4, (7, 3)).astype(float)
    expected = stats.spearmanr(means).statistic
    np.testing.assert_allclose(tasks.correlations(means), expected, atol=1e-12)


@pytest.mark.parametrize("effect", [0.2, 0.4, 0.8])
def test_more_units_are_those_of_the_noncentral_t(effect):
    d = np.random.default_rng(4).normal(size=20)
    d = (d - d.mean()) / d.std(ddof=1) + effect
    expected = planned.more_items(d, planned.Aim(alpha=0.01))
    ratio = np.array([effect * np.sqrt(20)])
    found = shortfall.more(ratio, np.array([19.0]), np.array([20.0]), 0.01)[0]
    assert found == pytest.approx(max(expected, 1), abs=2, rel=0.02)


def test_no_number_would_do():
    found = shortfall.more(np.array([0.0, np.nan, 1.0]), np.full(3, 9.0), np.full(3, 10.0), 0.05)
    assert np.isnan(found[:2]).all()
    assert found[2] > 0
    np.testing.assert_array_equal(shortfall.worth(np.array([5.0, np.nan, 2.0])), [2, 0, 1])


def test_few_and_unequal_runs_are_said():
    scores = np.random.default_rng(5).random((2, 6, 3))
    scores[0, 3:] = np.nan
    text = " | ".join(said(Table("runs", ("A", "B"), ("x", "y", "z"), scores)))
    assert "fewer than 5 runs in places (the least is 3)" in text
    assert "unequal numbers of runs (3 to 6)" in text


def test_scales_skewness_and_copies_are_said():
    rng = np.random.default_rng(6)
    scores = np.exp(1.5 * rng.normal(size=(2, 12, 6))) * np.array([1, 1, 1, 1, 1, 500.0])
    text = " | ".join(said(Table("runs", ("A", "B"), tuple("uvwxyz"), scores)))
    assert "different scales" in text
    assert "skewed upwards" in text
    assert "optimality gap" in text
    assert "different scales" not in " ".join(
        said(Table("runs", ("A", "B"), tuple("uvwxyz"), scores), normalised="min-max")
    )
    copied = np.repeat(rng.random((2, 1, 3)), 5, axis=1)
    assert any("one run copied" in w for w in said(Table("runs", ("A", "B"), tuple("xyz"), copied)))


def test_symmetric_runs_are_not_called_skewed():
    scores = np.random.default_rng(7).normal(size=(3, 10, 8))
    assert not any("skewed" in w for w in said(Table("runs", tuple("ABC"), tuple("stuvwxyz"), scores)))


def test_the_best_of_many_is_partly_luck():
    table = board(np.random.default_rng(8).random((12, 8)))
    assert any("highest of 12 systems" in w for w in said(table))
