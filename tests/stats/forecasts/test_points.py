import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.points import points


def test_points_come_in_order_of_scale():
    made = points([3, 1, 2, 1], [30, 10, 20, 11])
    assert made.x.tolist() == [1, 1, 2, 3]
    assert made.y.tolist() == [10, 11, 20, 30]
    assert made.scales.tolist() == [1, 2, 3]
    assert made.below(3).y.tolist() == [10, 11, 20]
    assert made.at(1).y.tolist() == [10, 11]


@pytest.mark.parametrize("bad", [0.0, -2.0])
def test_a_scale_that_is_not_positive_is_named(bad):
    with pytest.raises(HeldoutError, match=f"1 of 3 scales are not positive .the first: {bad:g}."):
        points([1, bad, 3], [1, 2, 3])


def test_unequal_numbers_are_an_error():
    with pytest.raises(HeldoutError, match="3 scales for 2 scores"):
        points(np.ones(3), np.ones(2))
