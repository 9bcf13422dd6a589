"""Arithmetic modulo 5 with brackets: deterministic context-free."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.brackets import value, written
from heldout.tasks.formal.transduction import Answer, Transduction


@dataclass(frozen=True)
class ModularArithmeticBrackets(Transduction):
    """The value, modulo 5, of a bracketed expression with `+`, `-` and `*`.

    `((2*-3)+4)` is -2: `3`. `(-1)` is -1: `4`.
    """

    name: ClassVar[str] = "modular arithmetic brackets"
    symbols: ClassVar[str] = "01234+-*()"
    answers: ClassVar[str] = "01234"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """An expression."""
        return written(numbers, length, operators=3)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """From left to right, with a stack of open brackets."""
        return Answer(value(string, length)[None], jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1
