"""A dense layer, and how weights start."""

import math
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp


class Dense(eqx.Module):
    """An affine map of the last axis."""

    weight: jax.Array
    bias: jax.Array

    def __init__(self, weight: jax.Array) -> None:
        self.weight, self.bias = weight, jnp.zeros(weight.shape[1])

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(..., fan_in) to (..., fan_out)."""
        return product(inputs, self.weight) + self.bias


@jax.custom_vjp
def product(inputs: jax.Array, weight: jax.Array) -> jax.Array:
    """`inputs @ weight`, (..., fan_in) by (fan_in, fan_out), whose gradient is fast on CPUs; in reverse mode only.

    XLA multiplies a transposed left factor far slower than a plain one: the weight's gradient takes 1.2 to 1.6 times as long
    for many small matrices unless the transposed inputs are written out first.
    """
    return inputs @ weight


def _forward(inputs: jax.Array, weight: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    return inputs @ weight, (inputs, weight)


def _backward(kept: tuple[jax.Array, jax.Array], slope: jax.Array) -> tuple[jax.Array, jax.Array]:
    inputs, weight = kept
    flat = inputs.reshape(-1, inputs.shape[-1])
    across = jax.lax.optimization_barrier(flat.T)
    return slope @ weight.T, across @ slope.reshape(-1, slope.shape[-1])


product.defvjp(_forward, _backward)


def weights(key: jax.Array, shapes: Sequence[tuple[int, int]]) -> list[jax.Array]:
    """Arrays (fan_in, fan_out) of normal numbers with variance 2 / fan_in, for rectifiers (He et al., 2015).

    All come from one draw: each further one would add a third of a second to compiling.
    """
    sizes = [a * b for a, b in shapes]
    numbers, arrays, start = jax.random.normal(key, (sum(sizes),)), [], 0
    for size, (fan_in, fan_out) in zip(sizes, shapes, strict=True):
        arrays.append(numbers[start : start + size].reshape(fan_in, fan_out) * math.sqrt(2.0 / fan_in))
        start += size
    return arrays
