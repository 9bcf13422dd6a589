import math

from heldout.report.figures.scale import limits, positions, ticks


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.31, 0.98, 4) == [0.4, 0.6, 0.8]
    assert ticks(0, 400, 3) == [0, 200, 400]
    assert ticks(-0.03, 0.05, 5) == [-0.02, 0.0, 0.02, 0.04]
    assert ticks(3, 3) == [3]
    assert all(0 < len(ticks(0, 10.0**k, 5)) <= 5 for k in range(-8, 9))


def test_limits_hold_what_is_finite() -> None:
    low, high = limits([1.0, math.nan, 3.0, math.inf])
    assert low < 1
    assert high > 3
    assert limits([]) == (0.0, 1.0)
    low, high = limits([2.0])
    assert low < 2 < high


def test_levels_stand_where_they_can_be_read() -> None:
    assert positions([1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4]
    assert positions([40, 80, 160]) == [0, 1, 2]
    assert [round(p, 6) for p in positions([5, 10, 20, 80])] == [0, 0.75, 1.5, 3]
    assert positions([1, 2, 1000, 1001]) == [0, 1, 2, 3]
    assert positions([0.0, 0.5]) == [0, 1]
    assert positions([]) == []
