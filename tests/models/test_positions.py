"""Encodings against their published formulas."""

import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.positions import linear_biases, offsets, relative_scores, rotated, sinusoids

RNG = np.random.default_rng(0)


def test_sinusoids_are_as_published():
    found = np.asarray(sinusoids(jnp.arange(5.0), 8))
    for p in range(5):
        for i in range(4):
            assert found[p, i] == pytest.approx(np.sin(p / 10000 ** (2 * i / 8)), abs=1e-6)
            assert found[p, i + 4] == pytest.approx(np.cos(p / 10000 ** (2 * i / 8)), abs=1e-6)


def test_rotations_keep_lengths_and_make_products_depend_on_the_distance():
    q, k = RNG.normal(size=(2, 6)).astype(np.float32)
    turned_q, turned_k = (rotated(np.tile(v, (1, 9, 1, 1)))[0, :, 0] for v in (q, k))
    assert np.allclose(np.linalg.norm(turned_q, axis=-1), np.linalg.norm(q), atol=1e-5)
    products = np.asarray(turned_q @ turned_k.T)
    for distance in range(-4, 5):
        assert np.ptp(np.diagonal(products, distance)) < 1e-4
    assert products[0, 0] == pytest.approx(float(q @ k), abs=1e-5)


def test_linear_biases_fall_with_distance_and_differ_by_side():
    found = np.asarray(linear_biases(4, 8))
    assert np.allclose(found[0, 3], [-1.25, -0.75, -0.25, 0.0])  # slope 1/2
    assert np.allclose(found[0, 0], [0.0, -0.5, -1.0, -1.5])
    assert np.allclose(found[7], found[0] / 128)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_relative_scores_take_the_key_of_the_offset(length):
    q, keys = RNG.normal(size=(2, length, 3, 4)), RNG.normal(size=(2 * length - 1, 3, 4))
    found, order = np.asarray(relative_scores(q, keys)), np.asarray(offsets(length)).tolist()
    for i in range(length):
        for j in range(length):
            wanted = np.einsum("nhd,hd->nh", q[:, i], keys[order.index(i - j)])
            assert np.allclose(found[:, :, i, j], wanted, atol=1e-4)
