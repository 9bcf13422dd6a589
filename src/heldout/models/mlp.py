"""The multilayer perceptron."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax

from heldout.models.dense import Dense, weights


class Perceptron(eqx.Module):
    """Dense layers with rectifiers between them."""

    layers: tuple[Dense, ...]

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, *shape) to (n, outputs)."""
        hidden = inputs.reshape(len(inputs), -1)
        for layer in self.layers[:-1]:
            hidden = jax.nn.relu(layer(hidden))
        return self.layers[-1](hidden)


@dataclass(frozen=True)
class MLP:
    """A perceptron with `depth` hidden layers of `width` units on the flattened input."""

    width: int = 64
    depth: int = 2

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"MLP {self.depth}x{self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Perceptron:
        """An untrained model."""
        sizes = (math.prod(inputs), *[self.width] * self.depth, outputs)
        return Perceptron(tuple(Dense(w) for w in weights(key, list(zip(sizes[:-1], sizes[1:], strict=True)))))
