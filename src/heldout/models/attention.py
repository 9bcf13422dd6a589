"""Scaled dot-product attention with several heads (Vaswani et al., 2017)."""

import math

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import product
from heldout.models.positions import Positions, linear_biases, offsets, relative_scores, rotated, sinusoids
from heldout.models.rnn import even


class Relative(eqx.Module):
    """What relative encodings add: how offsets become keys, and what every query asks of content and of offset."""

    weight: jax.Array
    content: jax.Array
    offset: jax.Array


class Attention(eqx.Module):
    """Every position reads all others; `project` gives queries, keys and values, without biases."""

    project: jax.Array
    out: jax.Array
    relative: Relative | None
    heads: int = eqx.field(static=True)
    positions: Positions = eqx.field(static=True)

    def __call__(self, inputs: jax.Array, mask: jax.Array) -> jax.Array:
        """(n, length, width) to the same; `mask` (n, length), or (n, length, length) by reader: what may be read."""
        n, length, width = inputs.shape
        split = product(inputs, self.project).reshape(n, length, 3, self.heads, width // self.heads)
        queries, keys, values = split[:, :, 0], split[:, :, 1], split[:, :, 2]
        readable = mask[:, None, None] if mask.ndim == 2 else mask[:, None]
        scores = self._scores(queries, keys) + jnp.where(readable, 0.0, -1e9)
        read = jnp.einsum("nhij,njhd->nihd", jax.nn.softmax(scores), values)
        return product(read.reshape(n, length, width), self.out)

    def _scores(self, queries: jax.Array, keys: jax.Array) -> jax.Array:
        """(n, heads, queries, keys)."""
        _, length, heads, size = queries.shape
        if self.positions == "RoPE":
            queries, keys = rotated(queries), rotated(keys)
        asked = queries if self.relative is None else queries + self.relative.content
        scores = jnp.einsum("nihd,njhd->nhij", asked, keys)
        if self.relative is not None:
            angles = sinusoids(offsets(length).astype(jnp.float32), heads * size)
            by_offset = (angles @ self.relative.weight).reshape(-1, heads, size)
            scores = scores + relative_scores(queries + self.relative.offset, by_offset)
        scores = scores / math.sqrt(size)
        return scores + linear_biases(length, heads) if self.positions == "ALiBi" else scores


def attention(key: jax.Array, width: int, heads: int, positions: Positions) -> Attention:
    """An untrained layer."""
    project, out, weight, biases = even(key, [(width, 3 * width), (width, width), (width, width), (1, 2 * width)])
    small = 0.02 * biases.reshape(2, heads, width // heads)
    relative = Relative(weight, small[0], small[1]) if positions == "relative" else None
    return Attention(project, out, relative, heads, positions)
