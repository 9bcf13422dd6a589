import numpy as np
import pytest

from heldout.tasks.estimation.perturbation import SPLITS, perturbed, written

TABLE = np.random.default_rng(0).standard_normal((6, 8))


def after(kind: str, level: float) -> np.ndarray:
    return perturbed(TABLE, kind, level, np.random.default_rng(3))


def test_dropped_tasks_are_gone_and_the_others_as_they_were() -> None:
    left = after("dropped", 3)
    columns = {tuple(c) for c in TABLE.T.tolist()}
    assert left.shape == (6, 5)
    assert len({tuple(c) for c in left.T.tolist()} & columns) == 5


def test_one_task_is_rescaled() -> None:
    ratio = after("rescaled", 10) / TABLE
    assert sorted(ratio[0].round(9).tolist()) == [1.0] * 7 + [10.0]
    assert (np.ptp(ratio, axis=0) < 1e-9).all()


def test_corrupted_tasks_keep_their_scores_but_not_whose_they_are() -> None:
    found = after("corrupted", 2)
    other = np.flatnonzero((found != TABLE).any(axis=0))
    assert len(other) == 2
    np.testing.assert_allclose(np.sort(found[:, other], axis=0), 3 * np.sort(TABLE[:, other], axis=0))


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_missing_cells_are_about_as_many_as_asked_and_nobody_loses_all(share: float) -> None:
    found = np.isnan(perturbed(np.zeros((200, 8)), "missing", share, np.random.default_rng(1)))
    assert found.mean() == pytest.approx(min(share, 7 / 8), abs=0.03)
    assert not found.all(axis=1).any()


def test_the_table_given_is_left_alone_and_every_kind_does_something() -> None:
    kept = TABLE.copy()
    for split in SPLITS:
        assert not np.array_equal(after(split.axis or "", split.level or 0), TABLE)
    assert np.array_equal(TABLE, kept)


def test_a_missing_score_is_written_as_a_dash() -> None:
    assert written(np.array([[1.0, np.nan]])) == "1 systems, 2 tasks: 1 - ..."
