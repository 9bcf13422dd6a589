"""How attention is told where things stand: nothing, sines and cosines, linear biases, rotations, relative encodings."""

from typing import Literal

import jax
import jax.numpy as jnp

Positions = Literal["none", "sin/cos", "ALiBi", "RoPE", "relative"]
LONGEST = 10_000.0
"""The longest wavelength, in positions over two pi (Vaswani et al., 2017)."""


def sinusoids(positions: jax.Array, width: int) -> jax.Array:
    """Sines and cosines of wavelengths from 2 pi to 2 pi * 10,000 (Vaswani et al., 2017): (k,) to (k, width)."""
    angles = positions[:, None] * LONGEST ** (-jnp.arange(0, width, 2) / width)
    return jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], axis=-1)[:, :width]


def rotated(vectors: jax.Array) -> jax.Array:
    """Pairs of neighbouring numbers turned by angles that grow with the position (Su et al., 2021): (n, length, heads, d)."""
    _, length, _, size = vectors.shape
    angles = jnp.arange(length)[:, None] * LONGEST ** (-jnp.arange(size // 2) / (size // 2))
    cosine, sine = jnp.cos(angles)[:, None], jnp.sin(angles)[:, None]
    even, odd = vectors[..., ::2], vectors[..., 1::2]
    return jnp.stack([even * cosine - odd * sine, even * sine + odd * cosine], axis=-1).reshape(vectors.shape)


def linear_biases(length: int, heads: int) -> jax.Array:
    """What distance takes from the scores (Press et al., 2022): (heads, length, length).

    Half a step less is taken to the left than to the right, since attention that looks both ways could not tell them apart.
    """
    offset = jnp.arange(length)[:, None] - jnp.arange(length)
    slopes = 2.0 ** (-8.0 * jnp.arange(1, heads + 1) / heads)
    return -slopes[:, None, None] * (jnp.abs(offset) - 0.5 * (offset > 0))


def relative_scores(queries: jax.Array, keys: jax.Array) -> jax.Array:
    """Scores by offset alone: (n, length, heads, d) and (2 length - 1, heads, d) to (n, heads, length, length).

    `keys` belong to the offsets query - key from length - 1 down to 1 - length (Dai et al., 2019).
    """
    length = queries.shape[1]
    every = jnp.einsum("nihd,ohd->nhio", queries, keys)
    flat = every.reshape(*every.shape[:2], -1)[..., length - 1 :]
    rows = 2 * length - 2
    if rows == 0:
        return every
    padded = jnp.pad(flat, ((0, 0), (0, 0), (0, max(length * rows - flat.shape[-1], 0))))[..., : length * rows]
    return padded.reshape(*every.shape[:2], length, rows)[..., :length]


def offsets(length: int) -> jax.Array:
    """Query minus key, as `relative_scores` orders them."""
    return jnp.arange(length - 1, -length, -1)
