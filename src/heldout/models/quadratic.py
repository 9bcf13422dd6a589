"""A perceptron that squares: two layers without biases, for which addition modulo p has a known solution (Gromov, 2023)."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import product, weights


class Squares(eqx.Module):
    """Each neuron squares the sum of what it has for the first and for the second element.

    `first` (2, elements, width): what a neuron has for the elements of either side. `second` (width, outputs).
    """

    first: jax.Array
    second: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, 2, elements) one-hot to (n, outputs)."""
        table = self.first.reshape(-1, self.first.shape[-1])
        return product(product(inputs.reshape(len(inputs), -1), table) ** 2, self.second)

    @property
    def participation(self) -> jax.Array:
        """(width,) each neuron's inverse participation ratio: the mean of `concentration` over its three weight vectors.

        These are its weights as functions of the first element, of the second, and of the answer.
        """
        vectors = jnp.stack([self.first[0], self.first[1], self.second.T])
        return jax.vmap(concentration)(vectors).mean(0)

    def masked(self, keep: jax.Array) -> "Squares":
        """The model without some neurons. `keep`: (width,) 1 for those that stay, 0 for the others."""
        return Squares(self.first * keep, self.second * keep[:, None])


@dataclass(frozen=True)
class Quadratic:
    """Two layers, `width` neurons that square between them, no biases. `scale`: how large first weights are, to He et al.'s."""

    width: int = 128
    scale: float = 1.0

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"quadratic MLP {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Squares:
        """An untrained model for one-hot inputs (2, elements)."""
        if len(inputs) != 2 or inputs[0] != 2:
            raise HeldoutError(f"{self.name} takes one-hot inputs of shape (2, elements), and got {inputs}")
        first, second = weights(key, [(2 * inputs[1], self.width), (self.width, outputs)])
        return Squares(self.scale * first.reshape(2, inputs[1], self.width), self.scale * second)


def concentration(vectors: jax.Array) -> jax.Array:
    """(k,) sums of squared shares of power at each frequency, from real vectors (p, k): 1 for a single wave of any phase.

    Frequencies are 1 to p // 2, a wave and its mirror image being one; the constant is left out, since it is no rhythm. Normal
    numbers have 2 / (frequencies + 1) on average, for odd p; a vector of zeros has 0.
    """
    power = jnp.square(jnp.abs(jnp.fft.rfft(vectors, axis=0)[1:]))
    total = power.sum(0)
    return jnp.square(power / jnp.where(total > 0, total, 1.0)).sum(0)
