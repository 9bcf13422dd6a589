"""The simple recurrent network (Elman, 1990)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import Dense, weights

Activation = Literal["tanh", "relu"]


class Recurrent(eqx.Module):
    """A state that is replaced at every position by a function of itself and of what is read there."""

    read: Dense
    again: jax.Array
    head: Dense
    activation: Activation = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        activate = activation(self.activation)

        def step(state: jax.Array, given: jax.Array) -> tuple[jax.Array, jax.Array]:
            state = activate(given + state @ self.again)
            return state, state

        given = self.read(inputs.swapaxes(0, 1))  # for all positions at once
        _, states = jax.lax.scan(step, jnp.zeros(given.shape[1:]), given)
        return self.head(states).swapaxes(0, 1)


@dataclass(frozen=True)
class RNN:
    """One recurrent layer of `width` units, and a dense layer that reads its state at every position."""

    width: int = 64
    activation: Activation = "tanh"

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"RNN {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Recurrent:
        """An untrained model for inputs (length, channels) of any length."""
        shapes = [(inputs[-1], self.width), (self.width, self.width), (self.width, outputs)]
        read, again, head = even(key, shapes)
        return Recurrent(Dense(read), again, Dense(head), self.activation)


def even(key: jax.Array, shapes: Sequence[tuple[int, int]]) -> list[jax.Array]:
    """Arrays (fan_in, fan_out) of normal numbers with variance 1 / fan_in, which neither swell nor fade when used again."""
    return [array * math.sqrt(0.5) for array in weights(key, shapes)]


def activation(name: Activation) -> Callable[[jax.Array], jax.Array]:
    """The function of that name."""
    return jnp.tanh if name == "tanh" else jax.nn.relu
