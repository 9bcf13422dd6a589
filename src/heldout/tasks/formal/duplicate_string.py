"""A string twice: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class DuplicateString(Transduction):
    """The string, and the string once more.

    `101` becomes `101101`. `1100` becomes `11001100`.
    """

    name: ClassVar[str] = "duplicate string"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Read in a circle."""
        return Answer(string[jnp.arange(2 * len(string)) % length], 2 * length)

    @staticmethod
    def asked(length: int) -> int:
        """Twice as many symbols."""
        return 2 * length
