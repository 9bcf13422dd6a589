"""A dense layer."""

import math

import equinox as eqx
import jax


class Dense(eqx.Module):
    """An affine map of the last axis, started as He et al. (2015) for rectifiers."""

    weight: jax.Array
    bias: jax.Array

    def __init__(self, key: jax.Array, fan_in: int, fan_out: int) -> None:
        self.weight = jax.random.normal(key, (fan_in, fan_out)) * math.sqrt(2.0 / fan_in)
        self.bias = jax.numpy.zeros(fan_out)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(..., fan_in) to (..., fan_out)."""
        return inputs @ self.weight + self.bias
