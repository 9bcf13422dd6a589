import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps import corruption as c

ALEXNET = [88.6, 89.4, 92.3, 82.0, 82.6, 78.6, 79.8, 86.7, 82.7, 81.9, 56.5, 85.3, 64.6, 71.8, 60.7]
RESNET50 = [80, 82, 83, 75, 89, 78, 80, 78, 75, 66, 57, 71, 85, 77, 77]
"""Published: AlexNet's mean errors on the fifteen corruptions of ImageNet-C, and ResNet-50's corruption errors (mCE 76.7)."""


def test_published_corruption_errors_give_the_published_mean():
    errors = np.array(RESNET50) / 100 * ALEXNET
    assert c.corruption_error(errors, ALEXNET) == pytest.approx(
        76.7, abs=0.5
    )  # the fifteen are rounded to whole numbers
    assert c.corruption_error(ALEXNET, ALEXNET) == 100


def test_severities_may_be_summed_or_averaged():
    rng = np.random.default_rng(1)
    ours, theirs = rng.random((4, 5)), rng.random((4, 5))
    assert c.corruption_error(ours.sum(1), theirs.sum(1)) == pytest.approx(
        c.corruption_error(ours.mean(1), theirs.mean(1))
    )


def test_relative_error_counts_what_corruption_adds():
    found = c.relative_corruption_error(0.1, [0.2, 0.4], 0.3, [0.5, 0.5])
    assert found == pytest.approx(100 * (0.1 / 0.2 + 0.3 / 0.2) / 2)
    many = c.relative_corruption_error([0.1, 0.1], [[0.2, 0.2], [0.4, 0.4]], [0.3, 0.3], [[0.5, 0.5], [0.5, 0.5]])
    assert many == pytest.approx([found, found])


def test_flips_by_plain_loops():
    answers = np.random.default_rng(2).integers(0, 3, (6, 9))
    for row, previous, first in zip(
        answers, c.flip_probability(answers), c.flip_probability(answers, "first"), strict=True
    ):
        assert previous == pytest.approx(sum(row[i] != row[i - 1] for i in range(1, 9)) / 8)
        assert first == pytest.approx(sum(row[i] != row[0] for i in range(1, 9)) / 8)
    assert c.flip_probability(list("aabb")) == pytest.approx(1 / 3)


def test_flip_rates_are_against_a_reference():
    assert c.flip_rate([0.1, 0.3], [0.2, 0.2]) == pytest.approx(100)


def test_what_cannot_be_divided_or_compared_is_named():
    with pytest.raises(HeldoutError, match="weaker reference"):
        c.corruption_error([0.1, 0.2], [0.0, 0.3])
    with pytest.raises(HeldoutError, match="added by corruption is 0"):
        c.relative_corruption_error(0.1, [0.2], 0.3, [0.3])
    with pytest.raises(HeldoutError, match="two frames"):
        c.flip_probability([[1], [2]])
    with pytest.raises(HeldoutError, match="'previous' or 'first'"):
        c.flip_probability([[1, 2]], "last")
