"""What encodings let a transformer see: order, distance, direction; what padding must not change."""

from typing import get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.attention import attention
from heldout.models.positions import Positions, linear_biases, offsets, relative_scores, rotated, sinusoids
from heldout.models.transformer import Norm, Transformer

ALL = get_args(Positions)
RNG = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def test_attention_is_what_the_formula_says():
    layer = attention(jax.random.key(0), 8, 2, "none")
    x = RNG.normal(size=(3, 5, 8)).astype(np.float32)
    q, k, v = np.split(x @ np.asarray(layer.project), 3, axis=-1)
    heads = []
    for part in (slice(0, 4), slice(4, 8)):
        shares = softmax(q[..., part] @ k[..., part].transpose(0, 2, 1) / 2.0)
        heads.append(shares @ v[..., part])
    wanted = np.concatenate(heads, -1) @ np.asarray(layer.out)
    assert np.allclose(layer(x, np.ones((3, 5), bool)), wanted, atol=1e-5)


@pytest.mark.parametrize("positions", ALL)
def test_only_encodings_tell_the_order(positions):
    model = eqx.filter_jit(Transformer(16, 1, 2, positions).build(jax.random.key(0), (6, 3), 2))
    x, order = np.eye(3, dtype=np.float32)[RNG.integers(3, size=(2, 6))], np.array([3, 0, 5, 1, 4, 2])
    same = np.allclose(model(x)[:, order], model(x[:, order]), atol=1e-5)
    assert same == (positions == "none")


@pytest.mark.parametrize("positions", ALL)
def test_padding_changes_nothing(positions):
    model = eqx.filter_jit(Transformer(16, 2, 2, positions).build(jax.random.key(0), (6, 3), 2))
    x = np.eye(3, dtype=np.float32)[RNG.integers(3, size=(2, 6))]
    assert np.allclose(model(np.pad(x, ((0, 0), (0, 4), (0, 0))))[:, :6], model(x), atol=1e-5)


@pytest.mark.parametrize("positions", ["ALiBi", "RoPE", "relative"])
def test_relative_encodings_know_distances_only(positions):
    layer = attention(jax.random.key(0), 16, 2, positions)
    x = RNG.normal(size=(1, 4, 16)).astype(np.float32)
    later = np.pad(x, ((0, 0), (3, 0), (0, 0)))
    found = layer(later, np.array([[False] * 3 + [True] * 4]))[:, 3:]
    assert np.allclose(found, layer(x, np.ones((1, 4), bool)), atol=1e-5)


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


def test_normalised_rows_have_mean_0_and_variance_1():
    found = Norm(jnp.ones(6), jnp.zeros(6))(RNG.normal(3, 5, size=(4, 6)))
    assert np.allclose(found.mean(-1), 0, atol=1e-5)
    assert np.allclose(found.var(-1), 1, atol=1e-4)


def test_heads_must_divide_the_width():
    with pytest.raises(HeldoutError, match="width 32 cannot have 5 heads"):
        Transformer(32, heads=5)
