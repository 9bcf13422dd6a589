import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import ndimage

from heldout.learners.augmentation import Shift, rotation, warp
from heldout.learners.augmix import AugMix, affine, pointwise

IMAGES = jax.random.uniform(jax.random.key(0), (6, 12, 12))


def test_the_identity_changes_nothing():
    assert np.allclose(warp(IMAGES, jnp.broadcast_to(jnp.eye(2), (6, 2, 2)), jnp.zeros((6, 2))), IMAGES, atol=1e-5)


@pytest.mark.parametrize("colour", [False, True])
def test_warp_is_scipys_affine_transform(colour):
    images = jnp.stack([IMAGES, 1 - IMAGES, IMAGES**2], -1) if colour else IMAGES
    matrix, offset = rotation(jnp.linspace(-0.4, 0.5, 6)), jnp.linspace(-2.0, 2.0, 12).reshape(6, 2)
    found = jax.jit(warp)(images, matrix, offset)
    centre = np.array([5.5, 5.5])
    for image, m, o, moved in zip(images, matrix, offset, found, strict=True):
        for plane, ours in zip(np.atleast_3d(image).T, np.atleast_3d(moved).T, strict=True):
            # The transposed plane has its axes exchanged, so matrix and offset are exchanged with them.
            swapped = np.asarray(m)[::-1, ::-1]
            shift = centre + np.asarray(o)[::-1] - swapped @ centre
            theirs = ndimage.affine_transform(plane, swapped, shift, order=1, mode="grid-constant")
            assert np.allclose(ours, theirs, atol=1e-4)


def test_shifts_are_of_shape_and_repeatable():
    shift = jax.jit(Shift())
    one, two = (shift(jax.random.key(k), IMAGES) for k in (1, 1))
    assert one.shape == (1, 6, 12, 12)
    assert np.array_equal(one, two)
    assert not np.allclose(one[0], IMAGES)


def test_augmix_gives_the_clean_view_and_two_mixtures_in_range():
    views = jax.jit(AugMix())(jax.random.key(3), IMAGES)
    assert views.shape == (3, 6, 12, 12)
    assert np.array_equal(views[0], IMAGES)
    assert not np.allclose(views[1], views[2])
    assert views.min() >= -1e-5
    assert views.max() <= 1 + 1e-5


def test_a_flat_bright_middle_survives_mixing():
    """Weights of the chains sum to one, and shares mix the clean image in: what no operation changes stays as it is."""
    images = jnp.zeros((4, 12, 12))
    assert np.allclose(jax.jit(AugMix())(jax.random.key(0), images), 0, atol=1e-6)


def test_pointwise_operations():
    image = jnp.linspace(0.2, 0.6, 16).reshape(1, 4, 4)
    level = jnp.array([0.3])
    stretched = pointwise(image, jnp.array([0]), level)
    assert (stretched.min(), stretched.max()) == pytest.approx((0, 1))
    coarse = pointwise(image, jnp.array([1]), level)  # four bits less the one that level 0.3 of 4 costs
    assert np.allclose(coarse * 8, np.round(coarse * 8))
    solarised = pointwise(jnp.array([[[0.5, 0.9]]]), jnp.array([2]), level)
    assert np.allclose(solarised, [[[0.5, 0.1]]])
    assert np.array_equal(pointwise(image, jnp.array([8]), level), image)


def test_geometric_operations():
    def of(kind, level):
        matrix, shift = affine(jnp.array([kind]), jnp.array([level]), 12)
        return matrix[0], shift[0]

    turn, _ = of(0, 1.0)
    assert np.allclose(turn, rotation(jnp.array([np.pi / 6]))[0], atol=1e-6)
    assert np.allclose(of(1, 1.0)[0], [[1, 0], [0.3, 1]])
    assert np.allclose(of(2, -1.0)[0], [[1, -0.3], [0, 1]])
    assert np.allclose(of(3, 0.5)[1], [0, 2])
    assert np.allclose(of(4, 0.5)[1], [2, 0])
    assert np.allclose(of(-2, 0.5)[0], np.eye(2))
