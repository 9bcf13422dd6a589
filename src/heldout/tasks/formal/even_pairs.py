"""Whether neighbours differ an even number of times: a regular language."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class EvenPairs(Transduction):
    """0 if `01` and `10` together occur an even number of times, else 1; that is, whether the ends differ.

    `001110` has one `01` and one `10`, two in all: `0`. `0101001` has three `01` and two `10`: `1`.
    """

    name: ClassVar[str] = "even pairs"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """First and last bit, compared."""
        return Answer((string[:1] + string[length - 1]) % 2, jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1
