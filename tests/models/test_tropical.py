"""Tropical attention against loops in NumPy and against what its algebra promises; the softmax that sharpens itself."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.tropical import SetTransformer, hilbert, maxplus, sharpened

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 5, 8)).astype(np.float32)


def layer(kind="tropical"):
    return SetTransformer(kind, 8, 1, 2).build(jax.random.key(1), (5, 3), 2).blocks[0].attention


def by_hand(attention, logs):
    """Head by head, query by query, key by key."""
    maps, found = np.asarray(attention.maps), np.zeros_like(logs)
    n, length, _ = logs.shape
    _, heads, size, _ = maps.shape
    for row in range(n):
        for h in range(heads):
            part = logs[row, :, h * size : (h + 1) * size]
            q, k, v = ([[max(m[h, a] + x) for a in range(size)] for x in part] for m in maps)
            for i in range(length):
                score = []
                for j in range(length):
                    apart = [a - b for a, b in zip(q[i], k[j], strict=True)]
                    score.append(-(max(apart) - min(apart)))
                for d in range(size):
                    found[row, i, h * size + d] = max(score[j] + v[j][d] for j in range(length))
    return found


def test_it_is_what_loops_over_heads_queries_and_keys_give():
    logs = np.log1p(np.maximum(X, 0))
    wanted = by_hand(layer(), logs)
    assert np.allclose(layer().read(logs), wanted, atol=1e-5)
    assert np.allclose(layer()(X), np.expm1(wanted) @ np.asarray(layer().out), rtol=1e-3, atol=1e-3)


def test_distances_are_projective_and_obey_the_triangle_inequality():
    a, b, c = RNG.normal(size=(3, 500, 6))
    assert np.allclose(hilbert(a + 3.0, b - 2.0), hilbert(a, b))
    assert np.allclose(hilbert(a, b), hilbert(b, a))
    assert np.allclose(hilbert(a, a + 7.0), 0.0, atol=1e-5)
    assert (hilbert(a, c) <= hilbert(a, b) + hilbert(b, c) + 1e-6).all()


def test_maxplus_maps_bring_no_vectors_farther_apart():
    matrix = RNG.normal(size=(6, 6))
    a, b = RNG.normal(size=(2, 500, 6))
    assert np.allclose(maxplus(matrix, a), (matrix[None] + a[:, None]).max(-1))
    assert np.allclose(
        maxplus(matrix, maxplus(matrix, a)), maxplus((matrix[:, :, None] + matrix[None]).max(1), a), atol=1e-5
    )
    assert (hilbert(maxplus(matrix, a), maxplus(matrix, b)) <= hilbert(a, b) + 1e-5).all()
    apart = np.abs(maxplus(matrix, a) - maxplus(matrix, b)).max(-1)
    assert (apart <= np.abs(a - b).max(-1) + 1e-5).all()


def test_what_is_added_to_all_logarithms_is_added_to_all_that_is_read():
    logs = RNG.normal(size=(3, 6, 8)).astype(np.float32)
    assert np.allclose(layer().read(logs + 2.5), layer().read(logs) + 2.5, atol=1e-4)


@pytest.mark.parametrize("kind", ["tropical", "softmax", "adaptive softmax"])
def test_the_order_of_items_does_not_matter(kind):
    model = SetTransformer(kind, 8, 2, 2).build(jax.random.key(3), (5, 3), 2)
    x, order = RNG.normal(size=(4, 7, 3)).astype(np.float32), RNG.permutation(7)
    assert np.allclose(model(x[:, order]), model(x)[:, order], atol=1e-4)
    assert model(x).shape == (4, 7, 2)


def test_softmax_attention_is_that_of_the_transformer():
    from heldout.models.attention import attention

    known = attention(jax.random.key(0), 8, 2, "none")
    ours = layer("softmax")
    ours = type(ours)(known.project, known.out, 2, adaptive=False)
    assert np.allclose(ours(X), known(X, np.ones(X.shape[:2], bool)), atol=1e-5)


def test_sharpening_follows_the_published_polynomial_and_never_blurs():
    scores = jnp.asarray(RNG.normal(size=(50, 16)) * np.linspace(0.1, 8.0, 50)[:, None])
    shares = np.asarray(jax.nn.softmax(scores), float)
    entropy = -(shares * np.log(shares)).sum(-1)
    fit = -0.037 * entropy**4 + 0.481 * entropy**3 - 2.3 * entropy**2 + 4.917 * entropy - 1.791
    times = np.where(entropy > 0.5, np.maximum(fit, 1.0), 1.0)
    assert np.allclose(sharpened(scores), scores * times[:, None], rtol=1e-3, atol=1e-4)
    assert (times == 1.0).any()
    assert times.max() > 1.2


def test_what_cannot_be_built_is_said():
    with pytest.raises(HeldoutError, match="does not part into heads=3"):
        SetTransformer("tropical", 32, 1, 3)
    with pytest.raises(HeldoutError, match="no attention is called 'linear'"):
        SetTransformer("linear")  # pyright: ignore[reportArgumentType]
