import colorsys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from heldout.tasks.vision.corruptions import digital

RNG = np.random.default_rng(13)
IMAGES = np.round(RNG.random((3, 32, 32)) * 255) / 255


def test_contrast_scales_the_deviation_from_the_mean():
    found = digital.contrast(IMAGES, 3, RNG)
    assert np.allclose(found.mean((1, 2)), IMAGES.mean((1, 2)))
    assert np.allclose(found.std((1, 2)), 0.2 * IMAGES.std((1, 2)))


@pytest.mark.parametrize(("severity", "cells"), [(2, 16), (5, 8)])
def test_pixelate_is_pillows_box_filter_where_cells_are_whole(severity, cells):
    found = digital.pixelate(IMAGES, severity, RNG)
    for image, coarse in zip(IMAGES, found, strict=True):
        small = Image.fromarray(image.astype(np.float32)).resize((cells, cells), Image.Resampling.BOX)
        assert np.allclose(np.asarray(small.resize((32, 32), Image.Resampling.BOX)), coarse, atol=1e-6)


def test_pixelate_keeps_the_mean_and_a_flat_image():
    assert np.allclose(digital.pixelate(np.full((1, 28, 28), 0.3), 4, RNG), 0.3)
    assert digital.pixelate(IMAGES, 5, RNG).mean() == pytest.approx(IMAGES.mean())


def test_jpeg_is_pillows():
    image = np.round(IMAGES[0] * 255).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, format="jpeg", quality=10)
    found = digital.jpeg_compression(IMAGES[:1], 4, RNG)[0]
    assert np.array_equal(np.round(found * 255), np.asarray(Image.open(buffer)))


def test_affine_maps_send_moved_corners_to_where_they_were():
    maps = digital.affine(6, (28, 28), 2.0, np.random.default_rng(0))
    again = np.random.default_rng(0).uniform(-2.0, 2.0, (6, 3, 2))
    corners = 14 + 9 * np.array([[1, 1], [1, -1], [-1, -1]])
    moved = np.concatenate([corners + again, np.ones((6, 3, 1))], 2)
    assert np.allclose(np.einsum("nij,nkj->nki", maps, moved), np.broadcast_to(corners, (6, 3, 2)))


def test_elastic_fields_are_as_smooth_as_asked():
    rough, smooth = (digital.field((60, 48, 48), s, np.random.default_rng(0))[..., 12:-12, 12:-12] for s in (0.8, 3.0))
    # Uniform noise has standard deviation 1/sqrt(3); blurred by sigma in two dimensions, that over 2 sqrt(pi) sigma.
    assert smooth.std() == pytest.approx(1 / np.sqrt(3) / (2 * np.sqrt(np.pi) * 3.0), rel=0.05)
    assert rough.std() > 2 * smooth.std()


def test_saturation_is_that_of_hue_saturation_value():
    images = RNG.random((1, 4, 4, 3))
    images[0, 0, 0] = 0.4
    for severity, (factor, extra) in ((1, (0.3, 0.0)), (4, (5.0, 0.1))):
        found = digital.saturate(images, severity, RNG)
        for before, after in zip(images.reshape(-1, 3), found.reshape(-1, 3), strict=True):
            hue, saturation, value = colorsys.rgb_to_hsv(*before)
            expected = colorsys.hsv_to_rgb(hue, min(saturation * factor + extra, 1.0), value)
            assert np.allclose(expected, after)
