"""The product of two binary numbers: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.binary_numbers import carried, ended, pair, parts
from heldout.tasks.formal.transduction import Answer, Transduction


@dataclass(frozen=True)
class BinaryMultiplication(Transduction):
    """The product of two numbers, lowest bit first, without zeros at its high end, and `.` behind it.

    `001*01101` is 4 * 22 = 88: `0001101.`. `11*101` is 3 * 5 = 15: `1111.`.
    """

    name: ClassVar[str] = "binary multiplication"
    symbols: ClassVar[str] = "01*"
    answers: ClassVar[str] = "01."
    shortest: ClassVar[int] = 3

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """Bits with a sign among them; zero is a number too."""
        return pair(numbers, length)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """The products of all pairs of bits, summed by column."""
        first, second = parts(string, length)
        columns = jnp.convolve(first, second)[: len(string)]  # in floating point, exactly
        return ended(carried(columns.astype(jnp.int32)))

    @staticmethod
    def asked(length: int) -> int:
        """As many as the string has: the product has at most as many bits as both numbers."""
        return length

    @staticmethod
    def draws(room: int) -> int:
        """One for the place of the sign."""
        return room + 1
