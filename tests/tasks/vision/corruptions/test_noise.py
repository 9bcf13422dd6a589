import numpy as np
import pytest

from heldout.tasks.vision.corruptions import noise

GREY = np.full((40, 28, 28), 0.5)
RNG = 7


@pytest.mark.parametrize(("severity", "scale"), [(1, 0.08), (2, 0.12), (3, 0.18)])
def test_gaussian_noise_has_its_moments(severity, scale):
    # Values are cut at 0 and 1, which at 0.5 touches nothing within 2.7 standard deviations.
    added = noise.gaussian_noise(GREY, severity, np.random.default_rng(RNG)) - GREY
    assert abs(added.mean()) < 0.003
    assert added.std() == pytest.approx(scale, rel=0.03)


@pytest.mark.parametrize(("severity", "photons"), [(1, 60), (3, 12)])
def test_shot_noise_is_poisson(severity, photons):
    images = np.full((60, 28, 28), 0.25)
    found = noise.shot_noise(images, severity, np.random.default_rng(RNG))
    assert found.mean() == pytest.approx(0.25, rel=0.02)
    assert found.var() == pytest.approx(0.25 / photons, rel=0.05)  # variance of a count = its mean
    assert np.allclose(found * photons, np.round(found * photons))


@pytest.mark.parametrize(("severity", "share"), [(1, 0.03), (5, 0.27)])
def test_impulse_noise_sets_its_share_to_black_and_white(severity, share):
    found = noise.impulse_noise(GREY, severity, np.random.default_rng(RNG))
    assert (found != 0.5).mean() == pytest.approx(share, rel=0.06)
    assert (found == 1).sum() == pytest.approx((found == 0).sum(), rel=0.12)


def test_speckle_noise_leaves_black_and_scales_with_the_value():
    images = np.concatenate([np.zeros((20, 28, 28)), np.full((20, 28, 28), 0.2), np.full((20, 28, 28), 0.4)])
    found = noise.speckle_noise(images, 1, np.random.default_rng(RNG))
    assert (found[:20] == 0).all()
    assert found[40:].std() == pytest.approx(2 * found[20:40].std(), rel=0.05)
