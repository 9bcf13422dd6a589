"""Axes as curves: what they are made of, and what is refused before anything runs."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from heldout.core import IID, TRAIN, At, HeldoutError, Paper, Probe, Split, Study, digest, every, forgetting, score
from heldout.core.curve import halving, hardest, slope
from heldout.probes.score import score as scored
from toys import adder, halves, search, stuck, sums

NOISE = tuple(Split(f"noise {k}", "noise", k) for k in (1, 2, 3))


@dataclass(frozen=True)
class Shifted:
    splits: tuple[Split, ...] = (TRAIN, IID, *NOISE, Split("far", "domain"))
    name: str = "shifted"
    bounds: tuple[float, float] = (0.0, 1.0)


SHIFTED = Shifted()


def test_a_slope_weighs_levels_as_least_squares_does():
    measure = slope(halves, search, "range")
    assert measure.levels == (2.0, 4.0)
    assert measure.weights == (-0.5, 0.5)
    assert measure.bounds == (-0.5, 0.5)
    assert [part.where for part in measure.leaves()] == [At("range", 2.0), At("range", 4.0)]
    uneven = Shifted((IID, Split("a", "noise", 1), Split("b", "noise", 2), Split("c", "noise", 8)))
    levels = np.array([1.0, 2.0, 8.0])
    x = np.eye(3)
    assert slope(uneven, search, "noise").weights == pytest.approx([np.polyfit(levels, row, 1)[0] for row in x])


def test_a_slope_has_a_centre_only_where_its_levels_lie_evenly():
    assert slope(SHIFTED, search, "noise").centre == 0.0
    assert slope(Shifted((IID, NOISE[0], NOISE[1], Split("c", "noise", 8))), search, "noise").centre is None
    free = Shifted(bounds=(-math.inf, math.inf))
    assert slope(free, search, "noise").bounds == (-math.inf, math.inf)


def test_a_halving_starts_from_iid_and_has_no_end():
    measure = halving(halves, search, "range", 1)
    assert [part.where for part in measure.leaves()] == ["iid", At("range", 2.0), At("range", 4.0)]
    assert measure.bounds == (1.0, math.inf)
    assert measure.text == "halving(halves, search, range, 1)"
    assert halving(halves, search, "range", 0.5, share=0.9, floor=0.5).text.endswith(
        "range, 0.5, share=0.9, floor=0.5)"
    )


def test_one_group_of_an_axis_may_be_read_alone_and_unlike_groups_must_be():
    groups = (Split("a1", "x", 1, "a"), Split("a2", "x", 2, "a"), Split("b1", "x", 1, "b"), Split("b3", "x", 3, "b"))
    task = Shifted((IID, *groups))
    assert [part.where for part in slope(task, search, At("x", group="b")).leaves()] == [
        At("x", 1, "b"),
        At("x", 3, "b"),
    ]
    with pytest.raises(HeldoutError, match="groups of x have different levels"):
        slope(task, search, "x")


def test_the_hardest_axis_is_below_every_other():
    claim = hardest(SHIFTED, search, "noise")
    assert claim.text == "score(shifted, search, domain) > score(shifted, search, noise)"
    assert len(claim.components()) == 1
    with pytest.raises(HeldoutError, match="there is noise, domain"):
        hardest(SHIFTED, search, "size")
    with pytest.raises(HeldoutError, match="name one of several axes; there is range"):
        hardest(halves, search, "range")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: slope(SHIFTED, search, "domain"), "a slope takes two levels, and domain has 0"),
        (lambda: slope(SHIFTED, search, "iid"), "iid has 0"),
        (lambda: halving(SHIFTED, search, "domain", 0), "the axis has none"),
        (lambda: halving(SHIFTED, search, "noise", 1), "must lie below the lowest level, 1"),
        (lambda: halving(SHIFTED, search, "noise", 0, share=0), "strictly between 0 and 1"),
        (lambda: halving(sums, adder, "size", 0), "one item does not halve"),
    ],
)
def test_what_is_no_curve_is_refused(call, message):
    with pytest.raises(HeldoutError, match=message):
        call()


def study(claim, **fields):
    return Study(Paper("s"), (halves,), (search, stuck), {"it": claim}, **fields)


def test_an_axis_that_does_not_exist_is_the_studys_to_name():
    for claim in (slope(halves, search, "noise") < 0, halving(halves, search, "noise", 0) > 1):
        with pytest.raises(HeldoutError, match="no split or axis noise; there is train, iid, wide, wider, range"):
            study(claim)


def test_forgetting_needs_scores_at_several_steps():
    claim = forgetting(halves, search, "range") < 0.1
    assert claim.measure.bounds == (-1.0, 1.0)
    for probes in ((), (Probe(scored),)):
        with pytest.raises(HeldoutError, match=r"at=every\(k\)"):
            study(claim, probes=probes)
    assert study(claim, probes=(Probe(scored, at=every(50)),))


def test_equal_curves_are_equal_and_have_one_digest():
    a, b = slope(halves, search, "range") > 0, slope(halves, search, "range") > 0
    assert a.measure.levels == b.measure.levels  # cached, and not part of what is compared
    assert a == b
    assert digest(a) == digest(b) != digest(slope(halves, stuck, "range") > 0)
    difference = slope(halves, search, "range") - slope(halves, stuck, "range")
    assert difference.centre == 0.0
    assert (score(halves, search) - 0.5 * slope(halves, search, "range")).bounds == (-0.25, 1.25)
