"""The arithmetic of measures: bounds, centres and text."""

import math
from dataclasses import dataclass

import pytest

from heldout.core import IID, HeldoutError, Split, exact, gap, log, mean, rank_correlation, score, steps_to, trend, wins
from heldout.core.expression import Applied, Linear, Product


@dataclass(frozen=True)
class Named:
    name: str
    bounds: tuple[float, float] = (0.0, 1.0)
    splits: tuple[Split, ...] = (IID,)


T, FREE = Named("t"), Named("free", (-math.inf, math.inf))
A, B, C = (score(T, Named(n)) for n in "abc")


@pytest.mark.parametrize(
    ("measure", "bounds"),
    [
        (A, (0, 1)),
        (A - B, (-1, 1)),
        (2 * A - B + 1, (0, 3)),
        (1 - A, (0, 1)),
        (-A, (-1, 0)),
        (A * B, (0, 1)),
        ((A - B) * (A - C), (-1, 1)),
        (A * score(FREE, Named("a")), (-math.inf, math.inf)),
        (mean(A - B), (-1, 1)),
        (log(A + 1), (0, math.log(2))),
        (log(steps_to(T, Named("a"), "iid", 0.9) + 1), (0, math.inf)),
        (trend([A, B, C], [1, 2, 3]), (-1, 1)),
        (wins([(A, B)]), (0, 1)),
        (gap(T, Named("a"), "noise"), (-1, 1)),
        (exact(A), (0, 1)),
        (Applied("odd", lambda x: x[0], (A,)), (-math.inf, math.inf)),
    ],
)
def test_bounds_travel_by_interval_arithmetic(measure, bounds):
    assert measure.bounds == pytest.approx(bounds)


@pytest.mark.parametrize(
    ("measure", "centre"),
    [
        (A, None),
        (A - B, 0.0),
        (A - B + 0.25, 0.25),
        (2 * A - 2 * B, 0.0),
        (2 * A - B, None),
        (2 * A - B - C, None),
        (A + A - B - C, None),
        ((A - B) - (B - C), None),
        ((A - B) - (C - B), 0.0),
        ((A - B) + (C - A), 0.0),
        (A * B, None),
        (log(A + 1) - log(B + 1), 0.0),
        (mean(A - B), None),
        (wins([(A, B)]), 0.5),
        (wins([(A, B)]) - 0.5, 0.0),
        (trend([A, B, C], [1, 2, 3]), 0.0),
        (2 * rank_correlation([A, B, C], [C, B, A]), 0.0),
    ],
)
def test_a_centre_is_there_only_where_systems_may_change_places(measure, centre):
    assert measure.centre == (None if centre is None else pytest.approx(centre))


def test_terms_of_one_measure_are_gathered():
    assert A + A - B == 2 * A - B
    assert (A - B) + (B - C) == A - C
    total = A - A + B
    assert isinstance(total, Linear)
    assert total.terms == ((1.0, B),)


def test_a_weighted_sum_is_a_difference_where_weights_cancel():
    for measure, difference in ((2 * A - B - C, True), (A + B, False), (A - B, True), (1 * A, False)):
        assert isinstance(measure, Linear)
        assert measure.difference is difference


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        (A - B, "score(t, a, iid) - score(t, b, iid)"),
        (2 * A + 0.5, "2 * score(t, a, iid) + 0.5"),
        (-A - 1, "-score(t, a, iid) - 1"),
        (A * B, "score(t, a, iid) * score(t, b, iid)"),
        (mean(A), "mean(score(t, a, iid))"),
        (log(A + 1), "log(score(t, a, iid) + 1)"),
        (wins([(A, B)]), "wins of score(t, a, iid) over score(t, b, iid)"),
    ],
)
def test_a_measure_is_written_as_one_would(measure, text):
    assert measure.text == text


def test_leaves_are_found_at_any_depth():
    assert list(mean(A - 2 * B).leaves()) == [A, B]
    assert list(Product(A, log(C + 1)).leaves()) == [A, C]


def test_what_cannot_be_is_refused():
    with pytest.raises(HeldoutError, match="positive lower bound"):
        log(A)
    with pytest.raises(HeldoutError, match="one length"):
        trend([A, B], [1, 2])
    with pytest.raises(HeldoutError, match="no truth value"):
        bool(A)
    with pytest.raises(HeldoutError, match="same claim"):
        A >= 0.5  # noqa: B015
    with pytest.raises(HeldoutError, match="same claim"):
        A <= 0.5  # noqa: B015
