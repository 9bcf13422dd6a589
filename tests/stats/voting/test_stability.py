import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting import condorcet, scoring, stability


def test_one_outlying_task_decides_the_mean_and_not_borda():
    rng = np.random.default_rng(0)
    table = np.linspace(2, 0, 5)[:, None] + 0.1 * rng.normal(size=(5, 8))
    table[4, 0] = 1000.0
    mean = stability.deletions(scoring.arithmetic, table, 1, 200, rng)
    borda = stability.deletions(scoring.borda, table, 1, 200, rng)
    # the mean's winner falls exactly when task 0 is dropped: one time in eight
    assert mean.winner.mean() == pytest.approx(7 / 8, abs=4 * np.sqrt(7 / 64 / 200))
    assert borda.winner.all()
    assert borda.tau.mean() > mean.tau[~mean.winner].mean()


def test_the_mean_is_independent_of_irrelevant_alternatives():
    table = np.random.default_rng(1).normal(size=(6, 7))
    found = stability.removals(scoring.arithmetic, table)
    assert len(found.winner) == 5
    assert found.winner.all()
    assert (found.tau == 1).all()
    newcomers = np.random.default_rng(2).normal(size=(10, 7)) - 50
    assert (stability.insertions(scoring.arithmetic, table, newcomers).tau == 1).all()
    assert (stability.insertions(condorcet.minimax, table, newcomers).tau == 1).all()


def test_borda_can_be_turned_by_an_irrelevant_alternative():
    # three voters a > b > c, two voters b > c > a: Borda elects b (7 : 6 points), without c it elects a
    table = np.array([[3.0, 3, 3, 1, 1], [2, 2, 2, 3, 3], [1, 1, 1, 2, 2]])
    found = stability.removals(scoring.borda, table)
    assert found.winner.tolist() == [True, False]
    assert stability.removals(condorcet.schulze, table).winner.all()


def test_rescaling_a_task_leaves_ranks_alone():
    table = np.random.default_rng(3).normal(size=(6, 5))
    changed = np.stack([table * np.array([scale, 1, 1, 1, 1]) for scale in (1, 10, 100)])
    assert (stability.changes(scoring.borda, table, changed).tau == 1).all()
    assert stability.changes(scoring.arithmetic, table, changed).tau[2] < 1


def test_a_share_of_tasks_must_stay():
    with pytest.raises(HeldoutError, match="keep at least one"):
        stability.deletions(scoring.borda, np.ones((2, 3)), 3, 5, np.random.default_rng(0))
