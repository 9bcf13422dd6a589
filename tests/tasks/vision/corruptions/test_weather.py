import colorsys

import numpy as np
import pytest

from heldout.tasks.vision.corruptions import weather

RNG = np.random.default_rng(11)


def test_brightness_is_that_of_hue_saturation_value():
    images = RNG.random((1, 3, 4, 3))
    images[0, 0, 0] = 0.0
    found = weather.brightened(images, 0.3)
    for before, after in zip(images.reshape(-1, 3), found.reshape(-1, 3), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*before)
        assert np.allclose(colorsys.hsv_to_rgb(hue, saturation, min(value + 0.3, 1.0)), after)


def test_brightness_of_grey_images_is_an_offset():
    images = RNG.random((2, 8, 8))
    assert np.allclose(weather.brightness(images, 2, RNG), np.clip(images + 0.2, 0, 1))


def test_clouds_fill_the_unit_interval_and_are_smoother_the_faster_they_decay():
    rough, smooth = (weather.plasma((30, 28, 28), d, np.random.default_rng(1)) for d in (1.2, 3.0))
    for clouds in (rough, smooth):
        assert clouds.shape == (30, 28, 28)
        assert clouds.min() >= 0
        assert clouds.max() <= 1
    assert np.abs(np.diff(smooth, axis=2)).mean() < 0.5 * np.abs(np.diff(rough, axis=2)).mean()


def test_clouds_of_a_torus_have_no_seam():
    clouds = weather.plasma((200, 32, 32), 2.0, np.random.default_rng(2))
    inside = np.abs(np.diff(clouds, axis=2)).mean()
    assert np.abs(clouds[:, :, 0] - clouds[:, :, -1]).mean() == pytest.approx(inside, rel=0.15)


def test_fog_keeps_the_brightest_value_at_most():
    images = RNG.random((5, 28, 28)) * 0.8
    found = weather.fog(images, 3, np.random.default_rng(0))
    assert (found.max((1, 2)) <= images.max((1, 2)) + 1e-9).all()


def test_ice_is_bright_and_differs_from_image_to_image():
    ice = weather.ice((20, 28, 28), np.random.default_rng(0))
    assert 0.3 < ice.mean() < 0.7
    assert np.abs(ice[0] - ice[1]).mean() > 0.05


def test_snow_whitens():
    images = np.zeros((10, 28, 28))
    means = [weather.snow(images, s, np.random.default_rng(0)).mean() for s in (1, 3, 5)]
    assert 0 < means[0] < means[1]
    assert means[0] < means[2]


def test_water_brightens_and_mud_darkens():
    images = np.full((10, 28, 28), 0.5)
    assert weather.spatter(images, 3, np.random.default_rng(0)).mean() > 0.5
    assert weather.spatter(images, 5, np.random.default_rng(0)).mean() < 0.5
