"""The transformer encoder (Vaswani et al., 2017), which reads in both directions, with a choice of positional encodings."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.attention import Attention, attention
from heldout.models.dense import Dense, product
from heldout.models.positions import Positions, sinusoids
from heldout.models.rnn import even


class Norm(eqx.Module):
    """Layer normalisation (Ba et al., 2016)."""

    scale: jax.Array
    shift: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """The last axis brought to mean 0 and variance 1, then scaled and shifted."""
        centred = inputs - inputs.mean(-1, keepdims=True)
        return centred * jax.lax.rsqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-5) * self.scale + self.shift


class Layer(eqx.Module):
    """Attention and two dense layers, each added to what went in and normalised after that."""

    attention: Attention
    widen: Dense
    narrow: Dense
    norms: tuple[Norm, Norm]

    def __call__(self, inputs: jax.Array, mask: jax.Array) -> jax.Array:
        """(n, length, width) to the same."""
        read = self.norms[0](inputs + self.attention(inputs, mask))
        return self.norms[1](read + self.narrow(jax.nn.relu(self.widen(read))))


class Encoder(eqx.Module):
    """Layers on embedded tokens; positions whose input is all zeros are not read."""

    embedding: jax.Array
    layers: tuple[Layer, ...]
    head: Dense
    positions: Positions = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        hidden = embedded(inputs, self.embedding, self.positions)
        mask = (inputs != 0).any(-1)
        for one in self.layers:
            hidden = one(hidden, mask)
        return self.head(hidden)


@dataclass(frozen=True)
class Transformer:
    """`depth` layers of `width` numbers per token and `heads` heads; the dense layers are four times as wide inside."""

    width: int = 64
    depth: int = 2
    heads: int = 4
    positions: Positions = "sin/cos"

    def __post_init__(self) -> None:
        if self.width % (2 * self.heads):
            raise HeldoutError(f"a transformer of width {self.width} cannot have {self.heads} heads of even size")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"Transformer {self.depth}x{self.width} {self.positions}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Encoder:
        """An untrained model for inputs (length, channels) of any length."""
        keys = jax.random.split(key, self.depth + 1)
        shapes = [(inputs[-1], self.width), (self.width, outputs)]
        embedding, head = even(keys[0], shapes)
        layers = tuple(layer(one, self.width, self.heads, self.positions) for one in keys[1:])
        return Encoder(embedding * math.sqrt(inputs[-1]), layers, Dense(head), self.positions)


def embedded(inputs: jax.Array, embedding: jax.Array, positions: Positions) -> jax.Array:
    """Tokens as (n, length, width), with their places added where these are sines and cosines."""
    hidden = product(inputs, embedding)
    if positions == "sin/cos":
        hidden = hidden + sinusoids(jnp.arange(inputs.shape[1]), embedding.shape[1])
    return hidden


def layer(key: jax.Array, width: int, heads: int, positions: Positions) -> Layer:
    """An untrained layer."""
    first, second = jax.random.split(key)
    widen, narrow = even(first, [(width, 4 * width), (4 * width, width)])
    return Layer(attention(second, width, heads, positions), Dense(widen), Dense(narrow), (norm(width), norm(width)))


def norm(width: int) -> Norm:
    """One that neither scales nor shifts yet."""
    return Norm(jnp.ones(width), jnp.zeros(width))
