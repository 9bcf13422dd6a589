import numpy as np
import pytest
from scipy import ndimage

from heldout.tasks.vision.corruptions import kernel

RNG = np.random.default_rng(3)
IMAGES = RNG.random((3, 28, 28))


def test_disc_moments_are_those_of_a_disc():
    # A uniform disc of radius r has variance r^2 / 4 along an axis; spreading a point bilinearly adds f (1 - f), 1/6 on average.
    for radius in (3.0, 5.0):
        found = kernel.disc(radius)
        axis = np.arange(len(found)) - len(found) // 2
        assert found.sum() == pytest.approx(1)
        assert (found.sum(0) * axis).sum() == pytest.approx(0, abs=1e-9)
        assert (found.sum(0) * axis**2).sum() == pytest.approx(radius**2 / 4 + 1 / 6, rel=0.03)


def test_nothing_is_blurred_at_radius_zero():
    assert np.allclose(kernel.filtered(IMAGES, kernel.disc(0.0)), IMAGES)
    assert np.allclose(kernel.filtered(IMAGES, kernel.streak(0.0, 1.0, 0.3)), IMAGES)
    assert np.allclose(kernel.gaussian(IMAGES, 0.0), IMAGES)


def test_a_disc_below_a_pixel_still_blurs():
    assert 0.2 < 1 - kernel.disc(0.3).max() < 0.4


def test_a_streak_points_along_its_angle():
    along = kernel.streak(4.0, 2.0, 0.0)
    middle = len(along) // 2
    assert along[middle].sum() == pytest.approx(1)
    weights = along[middle, middle:]
    assert (np.diff(weights[1:]) < 0).all()
    down = kernel.streak(4.0, 2.0, np.pi / 2)
    assert np.allclose(down, along.T, atol=1e-9)


@pytest.mark.parametrize("colour", [False, True])
def test_gaussian_is_scipys_image_by_image(colour):
    images = RNG.random((3, 12, 14, 3)) if colour else IMAGES
    found = kernel.gaussian(images, 1.3)
    sigma = (1.3, 1.3, 0) if colour else 1.3
    for image, blurred in zip(images, found, strict=True):
        assert np.allclose(ndimage.gaussian_filter(image, sigma, mode="nearest"), blurred)


def test_filtered_is_scipys_convolution_image_by_image():
    stamp = kernel.disc(2.2)
    for image, blurred in zip(IMAGES, kernel.filtered(IMAGES, stamp, "mirror"), strict=True):
        assert np.allclose(ndimage.convolve(image, stamp, mode="mirror"), blurred)


def test_sampling_at_the_pixels_gives_the_image_and_between_them_the_mean():
    y, x = kernel.grid(28, 28)
    assert np.allclose(kernel.sample(IMAGES, y, x), IMAGES)
    between = kernel.sample(IMAGES, y[:, :-1], x[:, :-1] + 0.5)
    assert np.allclose(between, (IMAGES[:, :, :-1] + IMAGES[:, :, 1:]) / 2)
