import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.counts import counts, from_samples, kinds


def test_one_n_serves_all_items():
    assert counts(5, [0, 5]).n.tolist() == [5, 5]


def test_samples_become_counts_and_missing_ones_are_no_failures():
    found = from_samples([[1, 0, np.nan], [1, 1, 1], [np.nan, np.nan, np.nan]])
    assert found.n.tolist() == [2, 3, 0]
    assert found.c.tolist() == [1, 3, 0]


@pytest.mark.parametrize("scale", [1, 1_000])
def test_kinds_give_every_item_back(scale):
    given = counts(np.array([4, 4, 9, 4]) * scale, [1, 2, 1, 1])
    alike = kinds(given)
    assert len(alike.n) == 3
    assert (alike.n[alike.which] == given.n).all()
    assert (alike.c[alike.which] == given.c).all()


@pytest.mark.parametrize(
    ("n", "c", "said"),
    [
        (3, [4], "c = 4 right of n = 3"),
        (3, [-1], "c = -1"),
        ([3, 3], [1], "one n and one c per item"),
        (3, [0.5], "not whole"),
        (3, [np.nan], "not whole"),
    ],
)
def test_impossible_counts_are_named(n, c, said):
    with pytest.raises(HeldoutError, match=said):
        counts(n, c)


def test_samples_are_right_or_wrong():
    with pytest.raises(HeldoutError, match="0, 1 or missing"):
        from_samples([[0.5, 1.0]])
