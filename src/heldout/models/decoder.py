"""The decoder-only transformer (Radford et al., 2018; Liu et al., 2018), which reads what came before."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense
from heldout.models.positions import Positions
from heldout.models.rnn import even
from heldout.models.transformer import Layer, embedded, layer


class Causal(eqx.Module):
    """Layers on embedded tokens, each of which reads itself and what stands before it.

    The first `prefix` positions read one another both ways (Raffel et al., 2020). Positions whose input is all zeros are
    read by themselves only.
    """

    embedding: jax.Array
    layers: tuple[Layer, ...]
    head: Dense
    positions: Positions = eqx.field(static=True)
    prefix: int = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        hidden = embedded(inputs, self.embedding, self.positions)
        mask = readable((inputs != 0).any(-1), self.prefix)
        for one in self.layers:
            hidden = one(hidden, mask)
        return self.head(hidden)


@dataclass(frozen=True)
class Decoder:
    """`depth` layers of `width` numbers per token and `heads` heads; output i depends on positions up to i only.

    `prefix`: how many positions at the beginning see one another both ways, such as a question to be answered.
    """

    width: int = 64
    depth: int = 2
    heads: int = 4
    positions: Positions = "sin/cos"
    prefix: int = 0

    def __post_init__(self) -> None:
        if self.width % (2 * self.heads):
            raise HeldoutError(f"a decoder of width {self.width} cannot have {self.heads} heads of even size")
        if self.prefix < 0:
            raise HeldoutError(f"a decoder's prefix={self.prefix} must be a number of positions, 0 or more")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"Decoder {self.depth}x{self.width} {self.positions}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Causal:
        """An untrained model for inputs (length, channels) of any length."""
        keys = jax.random.split(key, self.depth + 1)
        embedding, head = even(keys[0], [(inputs[-1], self.width), (self.width, outputs)])
        layers = tuple(layer(one, self.width, self.heads, self.positions) for one in keys[1:])
        return Causal(embedding * math.sqrt(inputs[-1]), layers, Dense(head), self.positions, self.prefix)


def readable(present: jax.Array, prefix: int = 0) -> jax.Array:
    """(n, length) what is there to (n, reader, read): what stands no later, or within the prefix; oneself always."""
    length = present.shape[-1]
    reader, read = jnp.arange(length)[:, None], jnp.arange(length)
    allowed = (read <= reader) | ((read < prefix) & (reader < prefix))
    return (allowed & present[:, None, :]) | (reader == read)
