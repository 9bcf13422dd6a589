"""A recurrent network with a stack (Joulin and Mikolov, 2015), in the form of "Neural Networks and the Chomsky Hierarchy" (2023)."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import Dense
from heldout.models.rnn import Activation, activation, even

PUSH, POP, KEEP = range(3)


class Stacked(eqx.Module):
    """A recurrent layer that reads the top of a stack, and says how much to push, pop and leave it, and what to push.

    `say` maps the state to what it adds to the next state, to the value pushed and to the three actions, in this order.
    """

    read: Dense
    top: jax.Array
    say: Dense
    head: Dense
    activation: Activation = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        activate, cell, width = activation(self.activation), *self.top.shape

        def step(carry: tuple[jax.Array, jax.Array], given: jax.Array) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            again, stack = carry
            state = activate(given + again + stack[0] @ self.top)
            again, value, actions = jnp.split(self.say(state), (width, width + cell), axis=-1)
            return (again, moved(stack, value, jax.nn.softmax(actions))), state

        given = self.read(inputs.swapaxes(0, 1))
        length, n, _ = given.shape
        empty = jnp.zeros((length, n, cell))  # as deep as the string is long: it never overflows
        _, states = jax.lax.scan(step, (jnp.zeros((n, width)), empty), given)
        return self.head(states).swapaxes(0, 1)


def moved(stack: jax.Array, value: jax.Array, actions: jax.Array) -> jax.Array:
    """The stack (depth, n, cell), top first, after pushing the value (n, cell), popping, or neither, by (n, 3) shares."""
    pushed = jnp.concatenate([value[None], stack[:-1]])
    popped = jnp.concatenate([stack[1:], jnp.zeros_like(stack[:1])])
    push, pop, keep = (actions[:, i, None] for i in (PUSH, POP, KEEP))
    return push * pushed + pop * popped + keep * stack


@dataclass(frozen=True)
class StackRNN:
    """A recurrent layer of `width` units with one stack of vectors of `cell` numbers; it is as deep as the input is long."""

    width: int = 64
    cell: int = 8
    activation: Activation = "tanh"

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"Stack-RNN {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Stacked:
        """An untrained model for inputs (length, channels) of any length."""
        said = self.width + self.cell + 3
        shapes = [(inputs[-1], self.width), (self.cell, self.width), (self.width, said), (self.width, outputs)]
        read, top, say, head = even(key, shapes)
        return Stacked(Dense(read), top, Dense(say), Dense(head), self.activation)
