import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.interpolant import interpolant
from heldout.tasks.vision.randomised_digits import RandomisedDigits, randomised


def test_it_fits_any_labels_with_2n_plus_d_weights():
    data = randomised(RandomisedDigits(1.0, "gaussian", 300), train=True)
    inputs = data.images.reshape(300, 64).astype(float)
    found = interpolant(inputs, data.labels, np.random.default_rng(0))
    assert found.weights == 2 * 300 + 64
    assert found(inputs) == pytest.approx(data.labels, abs=1e-5)


def test_real_digits_with_random_labels_too():
    data = randomised(RandomisedDigits(1.0, "true", 200), train=True)
    inputs = data.images.reshape(200, 64).astype(float)
    found = interpolant(inputs, data.labels, np.random.default_rng(1))
    assert (np.round(found(inputs)) == data.labels).all()


def test_the_hinges_by_hand():
    found = interpolant(np.array([[0.0], [1.0], [3.0]]), np.array([2.0, -1.0, 5.0]), np.random.default_rng(2))
    slow = [
        sum(o * max(x * found.direction[0] - b, 0) for o, b in zip(found.outer, found.offsets, strict=True))
        for x in (0, 1, 3)
    ]
    assert slow == pytest.approx([2, -1, 5])


def test_one_input_cannot_have_two_targets():
    with pytest.raises(HeldoutError, match="two of the inputs are equal"):
        interpolant(np.ones((2, 3)), np.array([0.0, 1.0]), np.random.default_rng(3))
