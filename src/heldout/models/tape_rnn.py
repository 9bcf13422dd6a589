"""A recurrent network with a tape that it writes on and moves, also by the length of the input (Delétang et al., 2023).

Moving a tape partly here and partly there is a circular convolution, so the tape is held as its Fourier transform: there a move is
a product, however far it goes and however differently for every string of a batch.
"""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.models.dense import Dense
from heldout.models.rnn import Activation, activation, even

STAY, LEFT, RIGHT, FAR_LEFT, FAR_RIGHT = range(5)


class Taped(eqx.Module):
    """A recurrent layer that reads the cell under the head, replaces it, and moves the tape.

    `say` maps the state to what it adds to the next state, to the five moves and to the first layer of what it writes.
    `write`: the layers after that. The tape is a circle with as many cells as the input has positions. The last channel of the
    input is the empty token, and the far moves go as many cells as there are other tokens.
    """

    read: Dense
    under: jax.Array
    say: Dense
    write: tuple[Dense, ...]
    head: Dense
    activation: Activation = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, channels) to (n, length, outputs)."""
        activate, cell, width = activation(self.activation), *self.under.shape
        n, cells, _ = inputs.shape
        turns, shares = turn(cells, inputs[..., :-1].sum((1, 2))), share(cells)

        def step(carry: tuple, given: jax.Array) -> tuple[tuple, jax.Array]:
            again, real, imaginary = carry
            here = (shares[:, None, None] * real).sum(0)
            state = activate(given + again + here @ self.under)
            again, moves, value = jnp.split(self.say(state), (width, width + 5), axis=-1)
            for layer in self.write:
                value = layer(jax.nn.relu(value))
            return (again, *moved(real + (value - here), imaginary, jax.nn.softmax(moves), turns)), state

        given = self.read(inputs.swapaxes(0, 1))
        blank = jnp.zeros((len(shares), n, cell))
        _, states = jax.lax.scan(step, (jnp.zeros((n, width)), blank, blank), given)
        return self.head(states).swapaxes(0, 1)


def share(cells: int) -> jax.Array:
    """What each frequency's real part adds to the cell under the head, in a tape of so many cells."""
    twice = np.full(cells // 2 + 1, 2.0)
    twice[0] = 1.0
    if cells % 2 == 0:
        twice[-1] = 1.0
    return jnp.asarray(twice / cells, jnp.float32)


def turn(cells: int, far: jax.Array) -> tuple[jax.Array, ...]:
    """Cosine and sine, by frequency and string, of what a move by one cell and by `far` cells (n,) turns the phase."""
    frequency = 2 * jnp.pi * jnp.arange(cells // 2 + 1) / cells
    angle = frequency[:, None] * far
    return jnp.cos(frequency)[:, None], jnp.sin(frequency)[:, None], jnp.cos(angle), jnp.sin(angle)


def moved(
    real: jax.Array, imaginary: jax.Array, moves: jax.Array, turns: tuple[jax.Array, ...]
) -> tuple[jax.Array, jax.Array]:
    """The transformed tape (frequencies, n, cell) after the five moves by (n, 5) shares; left brings the next cell here."""
    near_cosine, near_sine, far_cosine, far_sine = turns
    stay, left, right, far_left, far_right = (moves[:, i] for i in (STAY, LEFT, RIGHT, FAR_LEFT, FAR_RIGHT))
    a = (stay + (left + right) * near_cosine + (far_left + far_right) * far_cosine)[..., None]
    b = ((left - right) * near_sine + (far_left - far_right) * far_sine)[..., None]
    return a * real - b * imaginary, a * imaginary + b * real


@dataclass(frozen=True)
class TapeRNN:
    """A recurrent layer of `width` units with one tape of vectors of `cell` numbers; `layers` stand between state and writing."""

    width: int = 64
    cell: int = 8
    layers: tuple[int, ...] = (64, 64)
    activation: Activation = "tanh"

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"Tape-RNN {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Taped:
        """An untrained model for inputs (length, channels) of any length, the last channel of which is the empty token."""
        first, *rest = (*self.layers, self.cell)
        shapes = [(inputs[-1], self.width), (self.cell, self.width), (self.width, self.width + 5 + first)]
        shapes += [(self.width, outputs), *zip((first, *rest), rest, strict=False)]
        read, under, say, head, *write = even(key, shapes)
        return Taped(Dense(read), under, Dense(say), tuple(map(Dense, write)), Dense(head), self.activation)
