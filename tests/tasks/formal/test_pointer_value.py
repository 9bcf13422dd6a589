import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.boolean import cube, influence, profile
from heldout.tasks.formal.pointer_value import PointerValue, Voted, Weighted


def retrieved(point, pointers, window, vote):
    """One point at a time, in plain Python."""
    number = int("".join("1" if x < 0 else "0" for x in point[:pointers]), 2)
    ring = list(point[pointers:]) * 2
    seen = ring[number : number + window]
    return {
        "majority": (sum(seen) > 0) - (sum(seen) < 0),
        "parity": (-1) ** sum(x < 0 for x in seen),
        "minimum": min(seen),
        "maximum": max(seen),
    }[vote]


@pytest.mark.parametrize(("pointers", "window"), [(1, 2), (2, 3), (2, 4), (3, 1), (3, 3)])
@pytest.mark.parametrize("vote", ["majority", "parity", "minimum", "maximum"])
def test_values_are_votes_over_the_window_pointed_at(pointers, window, vote):
    task = PointerValue(pointers, window, vote)
    rows = np.random.default_rng(0).permutation(1 << task.places)[:200]
    wanted = [retrieved(point, pointers, window, vote) for point in cube(task.places)[rows].tolist()]
    assert task.values()[rows].tolist() == wanted


def test_the_two_instances_of_the_docstring():
    point = int("".join("01"[x < 0] for x in reversed([1, -1, 1, -1, -1, 1])), 2)
    assert PointerValue(2, 3).values()[point] == -1
    assert PointerValue(2, 3, "parity").values()[point] == 1


def test_influences_are_those_of_counting():
    found = influence(PointerValue(3, 3).values())
    assert found[3:] == pytest.approx(
        [3 / 8 / 2] * 8
    )  # in the window in 3 cases of 8, decisive where the other two differ
    assert found[0] == pytest.approx(1 / 2)  # four places on, the windows share nothing
    overlapping = [2 * np.mean([(a > 1) * (b < 2) for a, b in sums]) for sums in (_sums(2), _sums(1))]
    assert found[1:3] == pytest.approx(overlapping)
    assert influence(PointerValue(3, 3, "parity").values())[3:] == pytest.approx([3 / 8] * 8)
    assert influence(PointerValue(3, 3, "parity").values())[:3] == pytest.approx([1 / 2] * 3)


def _sums(shift):
    """How many of three places are +1 before and after the window moves, over all cases."""
    bits = np.arange(1 << (3 + shift))[:, None] >> np.arange(3 + shift) & 1
    return list(zip(bits[:, :3].sum(1), bits[:, shift:].sum(1), strict=True))


def test_a_weighted_sum_has_its_weights_as_coefficients():
    task = Weighted((0.5, -0.3, 0.1))
    assert influence(task.values()) == pytest.approx([0.25, 0.09, 0.01])
    assert profile(task.values()) == pytest.approx([0, 0.35, 0, 0])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PointerValue(4), "make 20 places"),
        (lambda: PointerValue(2, 5), "window=5 must lie between 1 and the 4"),
        (lambda: PointerValue(vote="mean"), "no vote 'mean'"),
        (lambda: Voted(3, 4), "voters=4 of places=3"),
        (lambda: Weighted((0.8, 0.4)), "summing to 1 at most"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(make, said):
    with pytest.raises(HeldoutError, match=said):
        make()
