"""Attention against its formula, and what relative encodings know."""

import jax
import numpy as np
import pytest

from heldout.models.attention import attention

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


@pytest.mark.parametrize("positions", ["ALiBi", "RoPE", "relative"])
def test_relative_encodings_know_distances_only(positions):
    layer = attention(jax.random.key(0), 16, 2, positions)
    x = RNG.normal(size=(1, 4, 16)).astype(np.float32)
    later = np.pad(x, ((0, 0), (3, 0), (0, 0)))
    found = layer(later, np.array([[False] * 3 + [True] * 4]))[:, 3:]
    assert np.allclose(found, layer(x, np.ones((1, 4), bool)), atol=1e-5)
