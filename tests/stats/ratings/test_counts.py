import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings.counts import tally

FIRST, SECOND, OUTCOME = np.array([0, 1, 0, 2, 1]), np.array([1, 0, 1, 0, 0]), np.array([1.0, 1.0, 0.5, 0.0, 0.0])


def test_pairs_stand_once_and_their_outcomes_are_turned() -> None:
    counts = tally(FIRST, SECOND, OUTCOME)
    assert list(zip(counts.first, counts.second, strict=True)) == [(0, 1), (0, 2)]
    assert counts.counts.tolist() == [[2, 1, 1], [1, 0, 0]]
    assert counts.points().tolist() == [[0, 2.5, 1], [1.5, 0, 0], [0, 0, 0]]
    assert (counts.battles, counts.ties) == (5, 1)


def test_who_came_first_is_kept_on_demand() -> None:
    counts = tally(FIRST, SECOND, OUTCOME, ordered=True)
    assert list(zip(counts.first, counts.second, strict=True)) == [(0, 1), (1, 0), (2, 0)]
    assert counts.counts.tolist() == [[1, 1, 0], [1, 0, 1], [0, 0, 1]]


def test_many_systems_with_few_battles_are_counted_alike() -> None:
    few = tally(FIRST, SECOND, OUTCOME)
    spread = tally(FIRST * 3000, SECOND * 3000, OUTCOME)
    assert spread.systems == 6001
    assert spread.counts.tolist() == few.counts.tolist()
    assert spread.first.tolist() == [0, 0]
    assert spread.second.tolist() == [3000, 6000]


@pytest.mark.parametrize(
    ("battles", "said"),
    [
        (([], [], []), "there is no battle"),
        (([0], [0], [1]), "with itself"),
        (([0], [1], [0.7]), "an outcome is 0.7"),
        (([0, 1], [1, 0], [1]), "one outcome per pair"),
    ],
)
def test_what_are_no_battles_is_refused(battles: tuple, said: str) -> None:
    with pytest.raises(HeldoutError, match=said):
        tally(*map(np.array, battles))


def test_clusters_are_one_label_a_battle() -> None:
    with pytest.raises(HeldoutError, match="one per battle"):
        tally(FIRST, SECOND, OUTCOME, cluster=[1, 2])
