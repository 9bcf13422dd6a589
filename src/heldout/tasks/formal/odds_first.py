"""The symbols at odd places, then those at even ones: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class OddsFirst(Transduction):
    """The first, third, fifth ... symbol, then the second, fourth ... (as the paper's text says; its code puts these first).

    `00110101` becomes `01000111`. `110` becomes `101`.
    """

    name: ClassVar[str] = "odds first"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Every other symbol, twice."""
        position, odd = jnp.arange(len(string)), (length + 1) // 2
        source = jnp.where(position < odd, 2 * position, 2 * (position - odd) + 1)
        return Answer(string[jnp.minimum(source, len(string) - 1)], length)

    @staticmethod
    def asked(length: int) -> int:
        """As many symbols."""
        return length
