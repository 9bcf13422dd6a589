"""The algebra of claims: normal form, components, conditions, text."""

from dataclasses import dataclass

import pytest

from heldout.core import (
    IID,
    AllOf,
    Compare,
    Given,
    HeldoutError,
    Near,
    Split,
    all_of,
    at_least,
    exact,
    mean,
    ordered,
    score,
    wins,
)


@dataclass(frozen=True)
class Named:
    name: str
    bounds: tuple[float, float] = (0.0, 1.0)
    splits: tuple[Split, ...] = (IID,)


T = Named("t")
A, B, C = (score(T, Named(n)) for n in "abc")


def test_all_measures_stand_left_and_a_constant_right():
    assert (A > 0.9) == Compare(A, 1, 0.9)
    assert (A > B + 0.1) == Compare(A - B, 1, 0.1)
    assert (A - 0.2 > B) == Compare(A - B, 1, 0.2)
    assert (A < 0.5) == Compare(A, -1, 0.5)
    assert (0.5 < A) == (A > 0.5)  # noqa: SIM300
    assert (mean(A) > 0.5) == Compare(mean(A), 1, 0.5)
    assert (mean(A - B) > 0.1) == Compare(mean(A - B), 1, 0.1)
    assert A.near(B, 0.05) == Near(A - B, 0.0, 0.05)
    assert A.near(0.9, 0.05) == Near(A, 0.9, 0.05)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (A > 0.9, "score(t, a, iid) > 0.9"),
        (A > B + 0.1, "score(t, a, iid) > score(t, b, iid) + 0.1"),
        (A < B, "score(t, a, iid) < score(t, b, iid)"),
        (A.near(B, 0.05), "score(t, a, iid) within 0.05 of score(t, b, iid)"),
        (mean(A - B) > 0, "mean(score(t, a, iid) - score(t, b, iid)) > 0"),
        (exact(A) > 0.5, "exact(score(t, a, iid)) > 0.5"),
        (ordered(A, B, C), "score(t, a, iid) > score(t, b, iid) and score(t, b, iid) > score(t, c, iid)"),
        (at_least(1, A > 0.5, B > 0.5), "at least 1 of: score(t, a, iid) > 0.5; score(t, b, iid) > 0.5"),
        ((A > B).given(C > 0.5), "score(t, a, iid) > score(t, b, iid), given score(t, c, iid) > 0.5"),
        (wins([(A, B)]) > 0.5, "wins of score(t, a, iid) over score(t, b, iid) > 0.5"),
    ],
)
def test_a_claim_is_written_as_people_do(claim, text):
    assert claim.text == text


def test_every_comparison_is_a_component_and_conditions_are_not():
    claim = all_of(ordered(A, B, C), (A > 0.5).given(B > 0.4))
    assert claim.components() == (A > B, B > C, A > 0.5)
    assert claim.conditions() == (B > 0.4,)
    assert set(claim.measures()) == {A - B, B - C, A, B}
    nested = (A > 0.5).given(B > 0.4).given(C > 0.3)
    assert isinstance(nested, Given)
    assert nested.components() == (A > 0.5,)
    assert nested.conditions() == (B > 0.4, C > 0.3)


def test_an_order_is_a_chain_of_neighbours():
    found = ordered(A, B, C)
    assert isinstance(found, AllOf)
    assert found.parts == (A > B, B > C)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bool(A > B), "no truth value"),
        (lambda: A < B < C, "no truth value"),
        (lambda: A.near(B, 0), "positive margin"),
        (lambda: mean(A) > mean(B), "outermost only"),
        (lambda: ordered(A), "at least two"),
        (lambda: at_least(3, A > 0.5, B > 0.5), "between 1 and their number"),
        (lambda: (A > 0.5).given(0.5), "takes a claim"),
        (lambda: A.near(score(T, Named("a")), 0.1), "compared with itself"),
    ],
)
def test_what_cannot_be_claimed_is_refused(make, message):
    with pytest.raises(HeldoutError, match=message):
        make()
