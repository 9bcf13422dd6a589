import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.looks import check, doubling, schedule, spent


@pytest.mark.parametrize(
    ("cap", "looks"),
    [
        (1, (1,)),
        (3, (3,)),
        (4, (4,)),
        (5, (4, 5)),
        (6, (4, 6)),
        (13, (4, 6, 8, 12, 13)),
        (64, (4, 6, 8, 12, 16, 24, 32, 48, 64)),
        (100, (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 100)),
    ],
)
def test_looks_grow_by_half_and_by_a_third_in_turn_up_to_the_cap(cap, looks):
    assert schedule(cap) == looks


def test_items_come_in_blocks_that_double():
    assert doubling(1600) == (50, 100, 200, 400, 800, 1600)
    assert doubling(30) == (30,)
    assert doubling(120, first=50) == (50, 100, 120)


def test_the_level_is_spent_evenly_and_wholly():
    assert spent(0.05, 5) == pytest.approx((0.01, 0.02, 0.03, 0.04, 0.05))


def test_only_looks_that_are_reached_count():
    assert check((4, 6, 8), 7) == (4, 6)
    assert check((4, 6, 8), 3) == ()


@pytest.mark.parametrize("looks", [(), (4, 4), (6, 4), (0, 4)])
def test_looks_out_of_order_are_an_error(looks):
    with pytest.raises(HeldoutError, match="ascending"):
        check(looks)


@pytest.mark.parametrize("make", [schedule, doubling])
def test_a_cap_below_one_unit_is_an_error(make):
    with pytest.raises(HeldoutError, match="at least 1"):
        make(0)
