"""Arithmetic modulo 5 without brackets: a regular language."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick

PLUS, MINUS, TIMES = 5, 6, 7


@dataclass(frozen=True)
class ModularArithmetic(Transduction):
    """The value, modulo 5, of numbers joined by `+`, `-` and `*`; products bind tighter. Strings have odd lengths.

    `1+2*3` is 7: `2`. `1-1-1` is -1: `4`.
    """

    name: ClassVar[str] = "modular arithmetic"
    symbols: ClassVar[str] = "01234+-*"
    answers: ClassVar[str] = "01234"
    stride: ClassVar[int] = 2

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Numbers and operators in turn."""
        return jnp.where(jnp.arange(len(numbers)) % 2 == 0, pick(numbers, 5), PLUS + pick(numbers, 3))

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """From left to right, with the sum of the finished products and the product under way."""

        def read(carry: tuple, symbol: jax.Array) -> tuple[tuple, None]:
            total, product, times = carry
            ends = (symbol == PLUS) | (symbol == MINUS)
            total = jnp.where(ends, total + product, total)
            multiplied = jnp.where(times, product * symbol, product % 5 * symbol)
            product = jnp.where(symbol < PLUS, multiplied, jnp.where(ends, jnp.where(symbol == PLUS, 1, -1), product))
            return (total % 5, product % 5, symbol == TIMES), None

        used = jnp.where(jnp.arange(len(string)) < length, string, TIMES)  # a product that nothing follows
        (total, product, _), _ = jax.lax.scan(read, (jnp.int32(0), jnp.int32(1), jnp.bool_(True)), used)
        return Answer(((total + product) % 5)[None], jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1
