"""Tropical attention (Hashemi et al., 2025) and its rivals: softmax, and softmax of adaptive temperature (Veličković et al., 2024)."""

import math
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense, product
from heldout.models.rnn import even
from heldout.models.transformer import Norm

Kind = Literal["tropical", "softmax", "adaptive softmax"]

SHARPENING = (-0.037, 0.481, -2.3, 4.917, -1.791)
"""The published polynomial, highest power first, from the entropy of attention to what logits are multiplied by."""


def hilbert(first: jax.Array, second: jax.Array) -> jax.Array:
    """The projective distance of vectors, along the last axis: the largest difference less the smallest."""
    difference = first - second
    return difference.max(-1) - difference.min(-1)


def maxplus(matrix: jax.Array, vectors: jax.Array) -> jax.Array:
    """(..., rows, columns) times (..., columns) where sums are maxima and products are sums."""
    return (matrix + vectors[..., None, :]).max(-1)


class Tropical(eqx.Module):
    """Attention among logarithms: queries near a key, by projective distance, get its values, and of all values the largest.

    `maps` (3, heads, size, size): the max-plus matrices of queries, keys and values.
    """

    maps: jax.Array
    out: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, width) to the same."""
        read = self.read(jnp.log1p(jax.nn.relu(inputs)))
        return product(jnp.expm1(read), self.out)

    def read(self, logs: jax.Array) -> jax.Array:
        """(n, length, width) to the same. A constant added to all that goes in is added to all that comes out."""
        n, length, width = logs.shape
        _, heads, size, _ = self.maps.shape
        parts = logs.reshape(n, length, heads, size).swapaxes(1, 2)
        queries, keys, values = (maxplus(one[:, None], parts) for one in self.maps)
        scores = -hilbert(queries[:, :, :, None], keys[:, :, None])
        found = (scores[..., None] + values[:, :, None]).max(3)  # (n, heads, queries, size)
        return found.swapaxes(1, 2).reshape(n, length, width)


class Softmax(eqx.Module):
    """Scaled dot-product attention without positions; `adaptive` makes it sharper the more it is spread out."""

    project: jax.Array
    out: jax.Array
    heads: int = eqx.field(static=True)
    adaptive: bool = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, width) to the same."""
        n, length, width = inputs.shape
        parts = product(inputs, self.project).reshape(n, length, 3, self.heads, width // self.heads)
        queries, keys, values = parts[:, :, 0], parts[:, :, 1], parts[:, :, 2]
        scores = jnp.einsum("nihd,njhd->nhij", queries, keys) / math.sqrt(width // self.heads)
        shares = jax.nn.softmax(sharpened(scores) if self.adaptive else scores)
        return product(jnp.einsum("nhij,njhd->nihd", shares, values).reshape(n, length, width), self.out)


def sharpened(scores: jax.Array) -> jax.Array:
    """Logits (..., keys), multiplied by what their entropy calls for: never by less than 1, by 1 up to an entropy of 0.5."""
    logs = jax.nn.log_softmax(scores)
    entropy = -(jnp.exp(logs) * logs).sum(-1, keepdims=True)
    times = jnp.maximum(jnp.polyval(jnp.asarray(SHARPENING), entropy), 1.0)
    return scores * jnp.where(entropy > 0.5, times, 1.0)


class Block(eqx.Module):
    """Attention and two dense layers, each added to what went in and normalised after that."""

    attention: Tropical | Softmax
    widen: Dense
    narrow: Dense
    norms: tuple[Norm, Norm]

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, width) to the same."""
        read = self.norms[0](inputs + self.attention(inputs))
        return self.norms[1](read + self.narrow(jax.nn.relu(self.widen(read))))


class SetEncoder(eqx.Module):
    """Blocks on items given as numbers; what becomes of an item does not depend on the order of the others."""

    embedding: Dense
    blocks: tuple[Block, ...]
    head: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        hidden = self.embedding(inputs)
        for block in self.blocks:
            hidden = block(hidden)
        return self.head(hidden)


@dataclass(frozen=True)
class SetTransformer:
    """`depth` blocks of `width` numbers per item and `heads` heads, whose attention is of this kind, without positions."""

    attention: Kind = "tropical"
    width: int = 32
    depth: int = 1
    heads: int = 2

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise HeldoutError(f"width={self.width} does not part into heads={self.heads}: give a multiple of it")
        if self.attention not in ("tropical", "softmax", "adaptive softmax"):
            raise HeldoutError(
                f"no attention is called {self.attention!r}: there is tropical, softmax, adaptive softmax"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.attention} {self.depth}x{self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> SetEncoder:
        """An untrained model for inputs (length, channels) of any length."""
        keys = jax.random.split(key, self.depth + 1)
        embedding, head = even(keys[0], [(inputs[-1], self.width), (self.width, outputs)])
        return SetEncoder(Dense(embedding), tuple(self._block(one) for one in keys[1:]), Dense(head))

    def _block(self, key: jax.Array) -> Block:
        width, first, second = self.width, *jax.random.split(key)
        shapes = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)]
        project, out, widen, narrow = even(first, shapes)
        size = width // self.heads
        attention = (
            Tropical(jax.random.normal(second, (3, self.heads, size, size)), out)
            if self.attention == "tropical"
            else Softmax(project, out, self.heads, self.attention == "adaptive softmax")
        )
        first_norm, second_norm = (Norm(jnp.ones(width), jnp.zeros(width)) for _ in range(2))
        return Block(attention, Dense(widen), Dense(narrow), (first_norm, second_norm))
