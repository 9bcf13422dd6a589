import numpy as np

from heldout.core.seeds import words
from heldout.models.sparse_ranking import elo, mean, plackett_luce
from heldout.tasks.estimation.measurements import Measurements
from heldout.tasks.interfaces import Estimation

TASK = Measurements("truth", systems=20, questions=600)
IID = TASK.splits[0]


def test_measurements_are_mixed_and_mostly_missing() -> None:
    assert isinstance(TASK, Estimation)
    values = TASK.whole(words("m"))
    assert set(np.unique(values[:, ::2])) == {0.0, 1.0}
    assert len(np.unique(values[:, 1])) == 20
    for split in TASK.splits:
        share = np.isnan(TASK.observe(split, words("m"))).mean()
        assert abs(share - (split.level or 0.95)) < 0.02


def test_utilities_are_found_again() -> None:
    found = {f.__name__: TASK.trials(f, IID, words("t"), 4).score.mean() for f in (plackett_luce, elo, mean)}
    assert found["plackett_luce"] > 0.5
    assert found["elo"] > 0.4
    assert TASK.trials(lambda v, key: TASK.utility(words("t").split(0)), IID, words("t"), 1).score[0] == 1.0


def test_the_whole_order_is_that_of_mean_ranks() -> None:
    whole = Measurements("whole", systems=20, questions=600)
    assert np.corrcoef(whole.truth(IID, words("w")), whole.utility(words("w")))[0, 1] > 0.95
    assert whole.trials(plackett_luce, whole.splits[1], words("w"), 2).score.min() > 0.6
    assert len(whole.samples(IID, words("w"), 2)) == 2


def test_a_system_that_was_never_measured_comes_last() -> None:
    assert np.isneginf(mean(np.array([[1.0, 2.0], [np.nan, np.nan]]), words())[1])
