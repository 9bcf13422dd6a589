"""What a stack holds after some instructions: deterministic context-free."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick

POP, PUSH, END = 2, 3, 2


@dataclass(frozen=True)
class StackManipulation(Transduction):
    """A stack, bottom first, then what is done to it: pop (`-`, nothing on an empty stack), push 0 (`o`), push 1 (`i`).

    The answer is the stack, top first, and `.` behind it.

    `0110i--` leaves 011: `110.`. `110---` leaves nothing: `.`.
    """

    name: ClassVar[str] = "stack manipulation"
    symbols: ClassVar[str] = "01-oi"
    answers: ClassVar[str] = "01."
    shortest: ClassVar[int] = 2

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:
        """At least one symbol of either kind."""
        here = numbers[1:]
        held = 1 + pick(numbers[0], length - 1)
        return jnp.where(jnp.arange(len(here)) < held, pick(here, 2), POP + pick(here, 3))

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Instruction by instruction; the bits of the stack are pushed as well."""

        def act(state: tuple[jax.Array, jax.Array], at: tuple[jax.Array, jax.Array]) -> tuple[tuple, None]:
            stack, height = state
            symbol, used = at
            push, pop = used & (symbol != POP), used & (symbol == POP)
            pushed = jnp.where(symbol >= PUSH, symbol - PUSH, symbol)
            stack = jnp.where(push & (jnp.arange(len(stack)) == height), pushed, stack)
            return (stack, jnp.maximum(height + push - pop, 0)), None

        used, room = jnp.arange(len(string)) < length, len(string) + 1
        empty = (jnp.zeros(room, string.dtype), jnp.zeros((), string.dtype))
        (stack, height), _ = jax.lax.scan(act, empty, (string, used))
        backwards = jnp.roll(stack[::-1], height - room)
        return Answer(jnp.where(jnp.arange(room) == height, END, backwards), height + 1)

    @staticmethod
    def asked(length: int) -> int:
        """One more than the string has, so that its length does not give away the answer's."""
        return length + 1

    @staticmethod
    def draws(room: int) -> int:
        """One for the height of the stack."""
        return room + 1
