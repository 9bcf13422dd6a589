"""The multilayer perceptron with a smooth activation in the rectifier's place."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense, weights

Kind = Literal["smelu", "gelu", "swish", "softplus"]


def smelu(x: jax.Array, beta: float) -> jax.Array:
    """0 below -beta, x above beta, and (x + beta)^2 / (4 beta) between (Shamir et al., 2020): value and slope meet."""
    inside = jnp.square(jnp.clip(x, -beta, beta) + beta) / (4.0 * beta)
    return inside + jnp.maximum(x - beta, 0.0)


class SmoothPerceptron(eqx.Module):
    """Dense layers with a smooth activation between them."""

    layers: tuple[Dense, ...]
    activation: Callable[[jax.Array], jax.Array] = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, *shape) to (n, outputs)."""
        hidden = inputs.reshape(len(inputs), -1)
        for layer in self.layers[:-1]:
            hidden = self.activation(layer(hidden))
        return self.layers[-1](hidden)


@dataclass(frozen=True)
class SmoothMLP:
    """A perceptron that starts from the same weights as `MLP` of its width and depth, with another activation.

    `beta`: half the width of the part where SmeLU bends; the other activations have no such part and ignore it.
    """

    width: int = 64
    depth: int = 2
    activation: Kind = "smelu"
    beta: float = 0.5

    def __post_init__(self) -> None:
        if self.activation not in ("smelu", "gelu", "swish", "softplus"):
            raise HeldoutError(f"no activation is called {self.activation!r}: there is smelu, gelu, swish, softplus")
        if not self.beta > 0:
            raise HeldoutError(f"SmeLU bends over a width of {self.beta:g}: give a positive beta, or use MLP for ReLU")

    @property
    def name(self) -> str:
        """The name in tables."""
        bend = f" {self.beta:g}" if self.activation == "smelu" else ""
        return f"MLP {self.depth}x{self.width} {self.activation}{bend}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> SmoothPerceptron:
        """An untrained model."""
        sizes = (math.prod(inputs), *[self.width] * self.depth, outputs)
        layers = tuple(Dense(w) for w in weights(key, list(zip(sizes[:-1], sizes[1:], strict=True))))
        return SmoothPerceptron(layers, _function(self.activation, self.beta))


def _function(kind: Kind, beta: float) -> Callable[[jax.Array], jax.Array]:
    if kind == "smelu":
        return partial(smelu, beta=beta)
    return {"gelu": jax.nn.gelu, "swish": jax.nn.swish, "softplus": jax.nn.softplus}[kind]
