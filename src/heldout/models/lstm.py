"""Long short-term memory (Hochreiter and Schmidhuber, 1997), with forget gates (Gers et al., 2000)."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import Dense
from heldout.models.rnn import even


class Gated(eqx.Module):
    """A state that is kept, added to and shown as three gates say."""

    read: Dense
    again: jax.Array
    head: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""

        def step(carry: tuple[jax.Array, jax.Array], given: jax.Array) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            shown, cell = carry
            add, keep, new, show = jnp.split(given + shown @ self.again, 4, axis=-1)
            cell = jax.nn.sigmoid(keep) * cell + jax.nn.sigmoid(add) * jnp.tanh(new)
            shown = jax.nn.sigmoid(show) * jnp.tanh(cell)
            return (shown, cell), shown

        given = self.read(inputs.swapaxes(0, 1))  # for all positions at once
        nothing = jnp.zeros((given.shape[1], len(self.again)))
        _, states = jax.lax.scan(step, (nothing, nothing), given)
        return self.head(states).swapaxes(0, 1)


@dataclass(frozen=True)
class LSTM:
    """One layer of `width` cells, and a dense layer that reads what they show at every position.

    Forget gates start with a bias of 1 (Gers et al., 2000).
    """

    width: int = 64

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"LSTM {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Gated:
        """An untrained model for inputs (length, channels) of any length."""
        shapes = [(inputs[-1], 4 * self.width), (self.width, 4 * self.width), (self.width, outputs)]
        read, again, head = even(key, shapes)
        gates = Dense(read)
        remembering = gates.bias.at[self.width : 2 * self.width].set(1.0)
        return Gated(eqx.tree_at(lambda d: d.bias, gates, remembering), again, Dense(head))
