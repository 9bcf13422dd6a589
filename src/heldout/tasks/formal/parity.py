"""Whether a string has an even number of ones: a regular language."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class Parity(Transduction):
    """1 if the number of ones is odd, else 0.

    `1010100` has three ones, which is odd: `1`. `01111` has four: `0`.
    """

    name: ClassVar[str] = "parity"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """The sum of the bits, modulo 2."""
        ones = jnp.where(jnp.arange(len(string)) < length, string, 0)
        return Answer(ones.sum(keepdims=True) % 2, jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1
