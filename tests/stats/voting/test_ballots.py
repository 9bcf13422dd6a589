import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting.ballots import ballots, coverage, duels, positions

NAN = np.nan
TABLE = np.array([[3.0, 1.0, NAN], [2.0, 1.0, 5.0], [1.0, NAN, 6.0]])


def test_positions_span_what_tied_systems_take_up():
    (best, worst), lengths = positions(TABLE)
    np.testing.assert_array_equal(best, [[1, 1, NAN], [2, 1, 2], [3, NAN, 1]])
    np.testing.assert_array_equal(worst, [[1, 2, NAN], [2, 2, 2], [3, NAN, 1]])
    assert lengths.tolist() == [3, 2, 2]


def test_duels_count_common_tasks_by_weight():
    pairs = duels(TABLE, np.array([2.0, 1.0, 3.0]))
    np.testing.assert_array_equal(pairs.wins, [[0, 2, 2], [0, 0, 2], [0, 3, 0]])
    np.testing.assert_array_equal(pairs.ties, [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(pairs.met, [[0, 3, 2], [3, 0, 5], [2, 5, 0]])
    assert pairs.beats[0, 1]
    assert pairs.beats[2, 1]
    assert pairs.share[2, 1] == pytest.approx(0.6)
    np.testing.assert_allclose(coverage(TABLE, np.array([2.0, 1.0, 3.0])), [0.5, 1, 5 / 6])


def test_rounding_beats_nobody():
    scores = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert not duels(scores, np.array([0.1, 0.2, 0.3])).beats.any()


@pytest.mark.parametrize(
    ("scores", "weights", "words"),
    [
        (np.ones(3), None, "systems x tasks"),
        (np.array([[np.inf]]), None, "infinite"),
        (np.ones((2, 3)), np.ones(2), "one weight per task"),
        (np.ones((2, 2)), np.zeros(2), "above zero"),
        (np.ones((2, 2)), np.array([1.0, -1.0]), "not negative"),
    ],
)
def test_unusable_tables_are_named(scores, weights, words):
    with pytest.raises(HeldoutError, match=words):
        ballots(scores, weights)
