"""A string backwards: deterministic context-free."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class ReverseString(Transduction):
    """The string, last symbol first.

    `011010` becomes `010110`. `1101` becomes `1011`.
    """

    name: ClassVar[str] = "reverse string"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Read from the end."""
        return Answer(jnp.roll(string[::-1], length - len(string)), length)

    @staticmethod
    def asked(length: int) -> int:
        """As many symbols."""
        return length
