import numpy as np

from heldout.stats.ratings.connectivity import connectivity
from heldout.stats.ratings.counts import tally


def linked(battles: list[tuple[int, int, float]], systems: int | None = None):
    return connectivity(tally(*map(np.array, zip(*battles, strict=True)), systems=systems))


def test_a_circle_of_wins_links_everybody() -> None:
    assert linked([(0, 1, 1), (1, 2, 1), (2, 0, 1)]).whole


def test_who_wins_everything_stands_alone() -> None:
    found = linked([(0, 1, 1), (0, 2, 1), (1, 2, 1), (2, 1, 1)])
    assert not found.whole
    assert found.joined
    assert found.beaten.tolist() == [1, 0, 0]


def test_a_tie_links_both_ways() -> None:
    assert linked([(0, 1, 0.5)]).whole


def test_groups_that_never_met_are_named_by_size() -> None:
    found = linked([(0, 1, 0.5), (2, 3, 1), (3, 4, 1), (4, 2, 1)], systems=6)
    assert not found.joined
    assert found.met.tolist() == [1, 1, 0, 0, 0, 2]
