"""The whole square root of a binary number: context-sensitive."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, Transduction, pick


@dataclass(frozen=True)
class ComputeSqrt(Transduction):
    """The square root of a number, rounded down, both with the highest bit first; it has half as many bits.

    `100101` is 37, whose root is 6.08: `110`. `111` is 7, whose root is 2.65: `10`.
    """

    name: ClassVar[str] = "compute sqrt"
    symbols: ClassVar[str] = "01"
    answers: ClassVar[str] = "01"

    def write(self, numbers: jax.Array, length: jax.Array) -> jax.Array:  # noqa: ARG002
        """Bits; zero is a number too."""
        return pick(numbers, 2)

    def solve(self, string: jax.Array, length: jax.Array) -> Answer:
        """Two bits of the number give one of the root, as in the school method."""
        room = len(string) + len(string) % 2
        bits = jnp.roll(
            jnp.pad(string, (0, room - len(string))), room - length
        )  # the last bit at the end, zeros before it
        pairs = jnp.where(jnp.arange(room) < room - length, 0, bits).reshape(-1, 2)
        nothing = jnp.zeros(len(pairs) + 3, string.dtype)  # lowest bit first
        _, root = jax.lax.scan(_digit, (nothing, nothing), pairs)
        half = (length + 1) // 2
        return Answer(jnp.roll(root, half - len(root)), half)

    @staticmethod
    def asked(length: int) -> int:
        """Half as many symbols, rounded up."""
        return (length + 1) // 2


def _digit(state: tuple[jax.Array, jax.Array], pair: jax.Array) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
    """The next bit of the root: 1 if 4 root + 1 can be taken from what is left, two bits longer."""
    left, root = state
    left = jnp.concatenate([pair[::-1], left[:-2]])
    taken = jnp.concatenate([jnp.array([1, 0], left.dtype), root[:-2]])
    borrow, less = jax.lax.scan(_subtract, jnp.zeros((), left.dtype), (left, taken))
    digit = 1 - borrow
    return (jnp.where(digit, less, left), jnp.concatenate([digit[None], root[:-1]])), digit


def _subtract(borrow: jax.Array, bits: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
    difference = bits[0] - bits[1] - borrow
    return (difference < 0).astype(difference.dtype), difference % 2
