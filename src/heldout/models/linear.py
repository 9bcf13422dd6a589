"""The linear model: with cross entropy, multinomial logistic regression."""

import math
from dataclasses import dataclass

import equinox as eqx
import jax

from heldout.models.dense import Dense, weights


class Flat(eqx.Module):
    """One dense layer on the flattened input."""

    layer: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, *shape) to (n, outputs)."""
        return self.layer(inputs.reshape(len(inputs), -1))


@dataclass(frozen=True)
class Linear:
    """A linear model of the flattened input."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return "linear"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Flat:
        """An untrained model."""
        return Flat(Dense(*weights(key, [(math.prod(inputs), outputs)])))
