import numpy as np
import pytest
from scipy import ndimage

from heldout.tasks.vision.corruptions import blur

RNG = np.random.default_rng(5)
IMAGES = ndimage.gaussian_filter(RNG.random((4, 28, 28)), (0, 1, 1))
IMAGES = (IMAGES - IMAGES.min()) / np.ptp(IMAGES)
KINDS = (blur.defocus_blur, blur.glass_blur, blur.motion_blur, blur.zoom_blur, blur.gaussian_blur)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_image_stays_flat(kind):
    assert np.allclose(kind(np.full((2, 28, 28), 0.6), 5, np.random.default_rng(0)), 0.6)


@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_blurred_alike(kind):
    coloured = np.repeat(IMAGES[..., None], 3, axis=3)
    found = kind(coloured, 3, np.random.default_rng(0))
    for channel in range(3):
        assert np.allclose(found[..., channel], kind(IMAGES, 3, np.random.default_rng(0)))


def test_gaussian_blur_is_scipys():
    found = blur.gaussian_blur(IMAGES, 4, RNG)
    assert np.allclose(found, [ndimage.gaussian_filter(i, 4 * 28 / 56, mode="nearest") for i in IMAGES])


def test_zoomed_by_one_is_the_image_and_by_two_is_scipys_zoom_of_the_middle():
    assert np.allclose(blur.zoomed(IMAGES, 1.0), IMAGES)
    y = (np.arange(28) - 13.5) / 2 + 13.5
    grid = np.stack(np.meshgrid(y, y, indexing="ij"))
    assert np.allclose(blur.zoomed(IMAGES, 2.0), [ndimage.map_coordinates(i, grid, order=1) for i in IMAGES])


def test_severity_means_the_same_at_every_size():
    """Spread of a bright square, as a share of the side, at two sizes."""
    spreads = []
    for side in (56, 112):
        image = np.zeros((1, side, side))
        image[0, 3 * side // 8 : 5 * side // 8, 3 * side // 8 : 5 * side // 8] = 1.0
        found = blur.defocus_blur(image, 5, RNG)[0]
        axis = (np.arange(side) - (side - 1) / 2) / side
        spreads.append((found.sum(0) * axis**2).sum() / found.sum())
    assert spreads[0] == pytest.approx(spreads[1], rel=0.02)


def test_glass_displaces_more_than_it_blurs():
    blurred = blur.gaussian_blur(IMAGES, 1, RNG)
    found = blur.glass_blur(IMAGES, 5, np.random.default_rng(0))
    assert np.abs(found - IMAGES).mean() > 2 * np.abs(blurred - IMAGES).mean()
