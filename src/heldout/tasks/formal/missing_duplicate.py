"""The missing symbol of a string that stands there twice: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick

HOLE, BLANK = 2, 3


@dataclass(frozen=True)
class MissingDuplicate(Transduction):
    """A string stands there twice, but for one symbol (`?`), which is to be found; strings of odd length end with `_`.

    `01100?10` is `0110` twice: `1`. `1?1101_` is `101` twice: `0`.
    """

    name: ClassVar[str] = "missing duplicate"
    symbols: ClassVar[str] = "01?_"
    answers: ClassVar[str] = "01"
    shortest: ClassVar[int] = 2

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """Half a string of bits, twice, and a hole."""
        bits, half, position = pick(numbers[1:], 2), length // 2, jnp.arange(len(numbers) - 1)
        hole = pick(numbers[0], 2 * half)
        twice = jnp.where(position < 2 * half, bits[position % half], BLANK)
        return jnp.where(position == hole, HOLE, twice)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """What stands in the other half at the place of the hole."""
        hole, half = (string == HOLE).argmax(), length // 2
        return Answer(string[jnp.where(hole < half, hole + half, hole - half)][None], jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1

    @staticmethod
    def draws(room: int) -> int:
        """One for the hole."""
        return room + 1
