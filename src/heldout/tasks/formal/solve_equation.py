"""The unknown in an equation modulo 5: deterministic context-free."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.brackets import PLUS, value, written
from heldout.tasks.formal.transduction import Answer, Transduction, pick

UNKNOWN, EQUALS = 10, 11


@dataclass(frozen=True)
class SolveEquation(Transduction):
    """The number, modulo 5, that `x` stands for in a bracketed expression with `+` and `-` whose value is given.

    `(x-(-3))=2` means x + 3 = 2: `4`. `-x=1` means x = -1: `4`.
    """

    name: ClassVar[str] = "solve equation"
    symbols: ClassVar[str] = "01234+-*()x="  # no product is ever drawn: with one, several numbers might do
    answers: ClassVar[str] = "01234"
    shortest: ClassVar[int] = 3

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """An expression, one of whose numbers is put out of sight, and its value."""
        whole, position = length - 2, jnp.arange(len(numbers) - 1)
        expression = written(numbers[1:], whole, operators=2)
        here = (expression < PLUS) & (position < whole)
        rank = jnp.cumsum(here)
        hidden = here & (rank == 1 + pick(numbers[0], here.sum()))
        shown = jnp.where(hidden, UNKNOWN, expression)
        return jnp.select([position < whole, position == whole], [shown, EQUALS], value(expression, whole))

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Every number is tried."""
        tried = jnp.where(string == UNKNOWN, jnp.arange(5)[:, None], string)
        found = jax.vmap(value, (0, None))(tried, length - 2)
        return Answer((found == string[length - 1]).argmax()[None], jnp.int32(1))

    @staticmethod
    def asked(length: int) -> int:  # noqa: ARG004
        """One symbol."""
        return 1

    @staticmethod
    def draws(room: int) -> int:
        """One for the place of the unknown."""
        return room + 1
