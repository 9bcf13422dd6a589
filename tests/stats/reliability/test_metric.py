import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import g_pass_at_k, mg_pass_at_k, pass_all_k, pass_at_k


def test_g_pass_reaches_from_any_to_all():
    assert g_pass_at_k(8, 0.0).worth == pass_at_k(8).worth
    assert g_pass_at_k(8, 1.0).worth == pass_all_k(8).worth


def test_a_share_of_k_that_is_whole_asks_for_no_more():
    assert np.argmax(g_pass_at_k(100, 0.55).weights) == 55
    assert [int(np.argmax(g_pass_at_k(49, i / 49).weights)) for i in range(1, 50)] == list(range(1, 50))


@pytest.mark.parametrize("k", [2, 4, 16])
def test_mg_pass_is_the_published_sum(k):
    sum_ = sum(g_pass_at_k(k, i / k).weights for i in range(k // 2 + 1, k + 1))
    assert mg_pass_at_k(k).weights == pytest.approx(2 / k * sum_)
    assert mg_pass_at_k(k).worth[-1] == 1


@pytest.mark.parametrize("make", [lambda: mg_pass_at_k(3), lambda: pass_at_k(0), lambda: g_pass_at_k(4, 1.1)])
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(HeldoutError):
        make()
