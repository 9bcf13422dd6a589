"""The one-layer transformer in which grokking is studied, written so that nothing is worked out twice."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense, product, weights


class OneLayer(eqx.Module):
    """Tokens, then a token that asks: attention, a perceptron, both added to the stream, no normalisation (Nanda et al., 2023).

    `embedding` (vocabulary, d); `asking` (d,) the embedding of the last token, which is always the same; `positions`
    (length + 1, d); `query`, `key`, `value`, `out` (d, d), heads side by side; `unembedding` (d, outputs).
    """

    embedding: jax.Array
    asking: jax.Array
    positions: jax.Array
    query: jax.Array
    key: jax.Array
    value: jax.Array
    out: jax.Array
    hidden: Dense
    back: Dense
    unembedding: jax.Array
    heads: int = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, vocabulary) one-hot to (n, outputs), read at the last position.

        Only the last position is asked, and it holds the same token in every example. So there is one query; how much it
        attends to a token, and what it then gets, depends on token and position alone: two tables, in which examples are
        looked up.
        """
        d = self.asking.shape[0]
        last = self.asking + self.positions[-1]
        tokens = self.embedding + self.positions[:-1, None]
        query = (last @ self.query).reshape(self.heads, -1) / math.sqrt(d / self.heads)
        towards = jnp.einsum("dhk,hk->dh", self.key.reshape(d, self.heads, -1), query)
        table = jnp.concatenate([tokens @ self.value, tokens @ towards], -1)
        found = jnp.stack([product(inputs[:, i], table[i]) for i in range(inputs.shape[1])])
        mixed = self._mixed(found[..., :d], found[..., d:], last @ self.value, last @ towards)
        stream = last + product(mixed, self.out)
        return product(stream + self.back(jax.nn.relu(self.hidden(stream))), self.unembedding)

    def _mixed(self, values: jax.Array, scores: jax.Array, own: jax.Array, own_score: jax.Array) -> jax.Array:
        """Values (length, n, d) and those of the last position (d,), by the softmax of their scores, head by head: (n, d)."""
        length, n, d = values.shape
        scores = jnp.concatenate([scores, jnp.broadcast_to(own_score, (1, n, self.heads))])
        share = jax.nn.softmax(scores, 0)[..., None]
        mixed = (share[:-1] * values.reshape(length, n, self.heads, -1)).sum(0)
        return (mixed + share[-1] * own.reshape(self.heads, -1)).reshape(n, d)


@dataclass(frozen=True)
class GrokkingTransformer:
    """One layer of `heads` heads, a stream of `width` numbers, a perceptron four times as wide."""

    width: int = 64
    heads: int = 4

    def __post_init__(self) -> None:
        if self.heads < 1 or self.width % self.heads:
            raise HeldoutError(f"width={self.width} does not part into heads={self.heads}: give a multiple of it")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"transformer 1x{self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> OneLayer:
        """An untrained model for one-hot inputs (length, vocabulary); all but the wide layer starts with variance 1 / width."""
        if len(inputs) != 2:
            raise HeldoutError(f"{self.name} takes one-hot inputs of shape (length, vocabulary), and got {inputs}")
        length, vocabulary = inputs
        d = self.width
        shapes = [(d, vocabulary), (d, 1), (d, length + 1), *[(d, d)] * 4, (d, outputs), (d, 4 * d), (4 * d, d)]
        *rest, hidden, back = weights(key, shapes)
        embedding, asking, positions, query, key_, value, out, unembedding = (w / math.sqrt(2.0) for w in rest)
        return OneLayer(
            embedding.T,
            asking[:, 0],
            positions.T,
            query,
            key_,
            value,
            out,
            Dense(hidden),
            Dense(back),
            unembedding,
            self.heads,
        )
