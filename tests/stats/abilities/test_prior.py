import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.prior import Prior


def test_standard_deviations_are_positive():
    with pytest.raises(HeldoutError, match="slope is 0"):
        Prior(slope=0)
    with pytest.raises(HeldoutError, match="guessing is 1"):
        Prior(guessing=1)
