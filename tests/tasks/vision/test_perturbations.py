import numpy as np
import pytest
from scipy import ndimage

from heldout.tasks.vision import perturbations
from heldout.tasks.vision.corrupted import SEQUENCES

IMAGES = np.zeros((2, 32, 32))
IMAGES[:, 10:22, 12:20] = np.random.default_rng(0).random((2, 12, 8))


@pytest.mark.parametrize("name", SEQUENCES)
def test_shape_range_and_determinism(name):
    function = getattr(perturbations, name.replace(" ", "_"))
    one, two = (function(IMAGES, 8, np.random.default_rng(4)) for _ in range(2))
    assert one.shape == (2, 8, 32, 32)
    assert np.array_equal(one, two)
    assert one.min() >= -1e-9
    assert one.max() <= 1 + 1e-9


@pytest.mark.parametrize("name", ["brightness", "translate", "rotate", "tilt", "scale"])
def test_the_middle_frame_is_the_image(name):
    assert np.allclose(getattr(perturbations, name)(IMAGES, 8, np.random.default_rng(0))[:, 4], IMAGES)


@pytest.mark.parametrize("name", ["gaussian noise", "shot noise", "zoom blur"])
def test_the_first_frame_is_the_image(name):
    found = getattr(perturbations, name.replace(" ", "_"))(IMAGES, 8, np.random.default_rng(0))
    assert np.allclose(found[:, 0], IMAGES)


def test_translate_moves_by_one_pixel_in_32():
    found = perturbations.translate(IMAGES, 6, np.random.default_rng(0))
    assert np.allclose(found[:, 5], np.roll(IMAGES, 2, axis=2))


def test_rotate_is_scipys_rotation():
    found = perturbations.rotate(IMAGES, 16, np.random.default_rng(0))
    for image, frames in zip(IMAGES, found, strict=True):
        turned = [ndimage.rotate(image, sign * 7.0, reshape=False, order=1) for sign in (1, -1)]
        assert min(np.abs(frames[15] - t).max() for t in turned) < 1e-6


def test_tilt_is_a_rotation_about_both_axes_seen_in_perspective():
    """A point of the plane, turned and projected by hand, carries the brightness of its pixel."""
    image = np.zeros((1, 33, 33))
    image[0, 20, 24] = 1.0  # 4 below and 8 right of the centre
    frame = perturbations.tilt(image, 30, np.random.default_rng(0))[0, 29]
    angle = np.deg2rad(0.75 * 14)
    about_x = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    about_y = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    x, y, z = about_x @ about_y @ np.array([8.0, 4.0, 0.0])
    distance = np.hypot(33, 33)
    rows, columns = np.mgrid[:33, :33]
    centre = (frame * columns).sum() / frame.sum() - 16, (frame * rows).sum() / frame.sum() - 16
    assert centre == pytest.approx((x * distance / (z + distance), y * distance / (z + distance)), abs=0.15)
