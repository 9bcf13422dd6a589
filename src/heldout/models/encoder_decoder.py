"""The transformer as first published (Vaswani et al., 2017): an encoder, and a decoder that reads it."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.attention import Attention, attention
from heldout.models.decoder import readable
from heldout.models.dense import Dense, product
from heldout.models.positions import Positions
from heldout.models.rnn import even
from heldout.models.transformer import Layer, Norm, embedded, layer, norm


class CrossAttention(eqx.Module):
    """Positions of one sequence read those of another, by content alone; no biases."""

    ask: jax.Array
    project: jax.Array
    out: jax.Array
    heads: int = eqx.field(static=True)

    def __call__(self, inputs: jax.Array, source: jax.Array, mask: jax.Array) -> jax.Array:
        """(n, length, width) and (n, read, width) to the former's shape; `mask` (n, read): what may be read."""
        n, length, width = inputs.shape
        queries = product(inputs, self.ask).reshape(n, length, self.heads, width // self.heads)
        given = product(source, self.project).reshape(n, source.shape[1], 2, self.heads, width // self.heads)
        scores = jnp.einsum("nihd,njhd->nhij", queries, given[:, :, 0]) / math.sqrt(width // self.heads)
        shares = jax.nn.softmax(scores + jnp.where(mask, 0.0, -1e9)[:, None, None])
        return product(jnp.einsum("nhij,njhd->nihd", shares, given[:, :, 1]).reshape(n, length, width), self.out)


class DecoderLayer(eqx.Module):
    """Attention to what came before, attention to the source, and two dense layers, each added and then normalised."""

    attention: Attention
    cross: CrossAttention
    widen: Dense
    narrow: Dense
    norms: tuple[Norm, Norm, Norm]

    def __call__(self, inputs: jax.Array, mask: jax.Array, source: jax.Array, present: jax.Array) -> jax.Array:
        """(n, length, width) to the same."""
        hidden = self.norms[0](inputs + self.attention(inputs, mask))
        hidden = self.norms[1](hidden + self.cross(hidden, source, present))
        return self.norms[2](hidden + self.narrow(jax.nn.relu(self.widen(hidden))))


class Translator(eqx.Module):
    """The first `source` positions are read both ways, the others by what came before them and by the source.

    Positions whose input is all zeros are not read. Nothing is said at the source's positions: outputs are zeros there.
    """

    embedding: jax.Array
    encoder: tuple[Layer, ...]
    decoder: tuple[DecoderLayer, ...]
    head: Dense
    positions: Positions = eqx.field(static=True)
    source: int = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        read, written = inputs[:, : self.source], inputs[:, self.source :]
        present = (read != 0).any(-1)
        source = embedded(read, self.embedding, self.positions)
        for one in self.encoder:
            source = one(source, present)
        hidden = embedded(written, self.embedding, self.positions)
        mask = readable((written != 0).any(-1))
        for one in self.decoder:
            hidden = one(hidden, mask, source, present)
        return jnp.pad(self.head(hidden), ((0, 0), (read.shape[1], 0), (0, 0)))


@dataclass(frozen=True)
class EncoderDecoder:
    """`depth` layers on either side, of `width` numbers per token and `heads` heads; `source` positions are encoded."""

    width: int = 64
    depth: int = 2
    heads: int = 4
    source: int = 16
    positions: Positions = "sin/cos"

    def __post_init__(self) -> None:
        if self.width % (2 * self.heads):
            raise HeldoutError(f"an encoder-decoder of width {self.width} cannot have {self.heads} heads of even size")
        if self.source < 1:
            raise HeldoutError(f"an encoder-decoder's source={self.source} must be a number of positions, 1 or more")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"EncoderDecoder {self.depth}x{self.width} {self.positions}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Translator:
        """An untrained model for inputs (length, channels) of any length beyond the source."""
        keys = jax.random.split(key, 2 * self.depth + 1)
        embedding, head = even(keys[0], [(inputs[-1], self.width), (self.width, outputs)])
        encoder = tuple(layer(one, self.width, self.heads, self.positions) for one in keys[1 : self.depth + 1])
        decoder = tuple(self._layer(one) for one in keys[self.depth + 1 :])
        embedding = embedding * math.sqrt(inputs[-1])
        return Translator(embedding, encoder, decoder, Dense(head), self.positions, self.source)

    def _layer(self, key: jax.Array) -> DecoderLayer:
        width, (first, second) = self.width, jax.random.split(key)
        shapes = [(width, 4 * width), (4 * width, width), (width, width), (width, 2 * width), (width, width)]
        widen, narrow, ask, project, out = even(first, shapes)
        cross = CrossAttention(ask, project, out, self.heads)
        norms = (norm(width), norm(width), norm(width))
        return DecoderLayer(
            attention(second, width, self.heads, self.positions), cross, Dense(widen), Dense(narrow), norms
        )
