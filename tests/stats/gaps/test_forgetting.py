import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps import forgetting as f

BY_HAND = np.array([[0.9, 0.1, 0.2], [0.7, 0.8, 0.3], [0.5, 0.9, 0.95]])


def test_a_worked_example():
    assert f.average(BY_HAND) == pytest.approx((0.5 + 0.9 + 0.95) / 3)
    assert f.backward_transfer(BY_HAND) == pytest.approx(((0.5 - 0.9) + (0.9 - 0.8)) / 2)
    assert f.forward_transfer(BY_HAND, [0.1, 0.1, 0.1]) == pytest.approx((0.0 + 0.2) / 2)
    assert f.forgetting(BY_HAND) == pytest.approx([0.4, -0.1])
    assert f.average_forgetting(BY_HAND) == pytest.approx(0.15)
    assert f.maximum_forgetting(BY_HAND) == pytest.approx(0.4)


def test_many_seeds_at_once_by_plain_loops():
    table = np.random.default_rng(1).random((6, 5, 5))
    for one, lost, back in zip(table, f.average_forgetting(table), f.backward_transfer(table), strict=True):
        slow = [max(one[stage, task] for stage in range(4)) - one[4, task] for task in range(4)]
        assert lost == pytest.approx(np.mean(slow))
        assert back == pytest.approx(np.mean([one[4, task] - one[task, task] for task in range(4)]))


def test_what_never_changes_is_not_forgotten_but_noise_looks_like_it():
    assert f.average_forgetting(np.tile([0.5, 0.7, 0.9], (3, 1))) == 0
    noise = 0.5 + 0.05 * np.random.default_rng(2).normal(size=(4000, 5, 5))
    assert f.average_forgetting(noise).mean() == pytest.approx(
        0.05 * 1.0294, rel=0.05
    )  # expected maximum of four normals
    assert f.backward_transfer(noise).mean() == pytest.approx(0, abs=0.002)


def test_the_lowest_point_since_a_task_was_learnt():
    curves = np.array(
        [[0.5, 0.0, 0.0], [0.9, 0.0, 0.0], [0.2, 0.5, 0.1], [0.8, 0.7, 0.1], [0.6, 0.4, 0.6], [0.7, 0.6, 0.8]]
    )
    assert f.minimum_accuracy(curves, [1, 3, 5]) == pytest.approx((0.2 + 0.4) / 2)
    assert f.worst_case_accuracy(curves, [1, 3, 5]) == pytest.approx(0.8 / 3 + 2 / 3 * 0.3)
    assert f.minimum_accuracy(np.stack([curves, curves]), [1, 3, 5]).shape == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: f.average(np.zeros((3, 2))), "as many of one as of the other"),
        (lambda: f.forgetting(np.zeros((1, 1))), ">= 2"),
        (lambda: f.average(np.full((2, 2), np.nan)), "finite"),
        (lambda: f.forward_transfer(BY_HAND, [0.1]), "1 untrained scores for 3 tasks"),
        (lambda: f.minimum_accuracy(np.zeros((4, 2)), [3, 1]), "rising evaluation index"),
        (lambda: f.minimum_accuracy(np.zeros((4, 2)), [1, 4]), "rising evaluation index"),
    ],
)
def test_bad_matrices_are_named(call, message):
    with pytest.raises(HeldoutError, match=message):
        call()
