import math

import pytest

from heldout.report.number import counted, duration, interval, number, p_value, places


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ((0.9, 0.5), 3),
        ((1.0,), 3),
        ((0.03,), 3),
        ((0.004,), 5),
        ((7.5,), 2),
        ((83.4, 120.0), 1),
        ((4000.0,), 0),
        ((83.4,), 1),
        ((), 3),
    ],
)
def test_decimals_suit_the_largest_value(values: tuple[float, ...], decimals: int) -> None:
    assert places(*values, math.nan, math.inf) == decimals


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "–"), (math.inf, "∞"), (-math.inf, "-∞"), (-0.0001, "0.000"), (0.0, "0.000"), (2e9, "2e+09")],
)
def test_odd_values_have_a_text(value: float, text: str) -> None:
    assert number(value, 3) == text


def test_an_interval_of_nothing_is_empty_and_half_known_ends_are_shown() -> None:
    assert interval(math.nan, math.nan) == ""
    assert interval(0.12345, 0.9) == "[0.123, 0.900]"
    assert interval(-math.inf, 1.5, 2) == "[-∞, 1.50]"


def test_counts_and_times_read_as_people_write_them() -> None:
    assert (counted(1, "seed"), counted(1200, "item")) == ("1 seed", "1,200 items")
    assert [duration(s) for s in (0.421, 38.4, 425, 7800, math.nan)] == [
        "0.42 s",
        "38 s",
        "7 min 5 s",
        "2 h 10 min",
        "–",
    ]


def test_a_tiny_p_is_bounded_and_a_missing_one_is_absent() -> None:
    assert [p_value(v) for v in (0.0004, 0.001, 0.0341, 1.0, math.nan)] == ["< 0.001", "0.001", "0.034", "1.000", "–"]
