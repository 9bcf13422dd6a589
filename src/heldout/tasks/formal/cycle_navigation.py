"""Where a walk on a circle ends: a regular language."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class CycleNavigation(Transduction):
    """The place, of five on a circle, that steps back (`<`), forth (`>`) and on the spot (`.`) lead to, from place 0.

    `><.<<` goes 1, 0, 0, 4, 3: `3`. `>>><` goes 1, 2, 3, 2: `2`.
    """

    name: ClassVar[str] = "cycle navigation"
    symbols: ClassVar[str] = "<.>"
    answers: ClassVar[str] = "01234"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Steps."""
        return pick(numbers, 3)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """The sum of the steps, modulo 5."""
        steps = jnp.where(jnp.arange(len(string)) < length, string - 1, 0)
        return Answer(steps.sum(keepdims=True) % 5, jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1
