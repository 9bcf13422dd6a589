"""A string with its symbols sorted: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class BucketSort(Transduction):
    """Digits 0 to 4 in rising order.

    `10204112` becomes `00111224`. `4340` becomes `0344`.
    """

    name: ClassVar[str] = "bucket sort"
    symbols: ClassVar[str] = "01234"
    answers: ClassVar[str] = "01234"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Digits."""
        return pick(numbers, 5)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Sorted, what lies beyond the end last."""
        position = jnp.arange(len(string))
        return Answer(jnp.sort(jnp.where(position < length, string, 5)) % 5, length)

    @staticmethod
    def asked(length: int) -> int:
        """As many symbols."""
        return length
