"""The sum of two binary numbers: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax

from heldout.tasks.formal.binary_numbers import added, ended, pair
from heldout.tasks.formal.transduction import Answer, Transduction


@dataclass(frozen=True)
class BinaryAddition(Transduction):
    """The sum of two numbers, lowest bit first, without zeros at its high end, and `.` behind it.

    `001+01101` is 4 + 22 = 26: `01011.`. `1001+1` is 9 + 1 = 10: `0101.`.
    """

    name: ClassVar[str] = "binary addition"
    symbols: ClassVar[str] = "01+"
    answers: ClassVar[str] = "01."
    shortest: ClassVar[int] = 3

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """Bits with a sign among them; zero is a number too."""
        return pair(numbers, length)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """In whole words."""
        return ended(added(string, length))

    @staticmethod
    def asked(length: int) -> int:
        """One more than the string has, so that its length does not give away the answer's."""
        return length + 1

    @staticmethod
    def draws(room: int) -> int:
        """One for the place of the sign."""
        return room + 1
