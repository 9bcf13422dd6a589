"""Pairs of binary numbers, lowest bit first, as the arithmetic tasks write them."""

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, pick

SIGN = 2
"""The symbol between two numbers; among the answers the one that ends them."""


def pair(numbers: jax.Array, length: jax.Array) -> jax.Array:
    """Bits with a sign somewhere between the first and the last, from one uniform number more than bits."""
    bits = pick(numbers[1:], 2)
    return jnp.where(jnp.arange(len(bits)) == 1 + pick(numbers[0], length - 2), SIGN, bits)


def parts(string: jax.Array, length: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The bits of both numbers, (room,) each, zeros beyond their ends."""
    position, sign = jnp.arange(len(string)), (string == SIGN).argmax()
    first = jnp.where(position < sign, string, 0)
    inside = position + sign + 1 < length
    return first, jnp.where(inside, jnp.roll(string, -sign - 1), 0)


def carried(sums: jax.Array) -> jax.Array:
    """(k,) column sums as bits; what is carried beyond the last is lost."""

    def add(carry: jax.Array, column: jax.Array) -> tuple[jax.Array, jax.Array]:
        total = column + carry
        return total // 2, total % 2

    return jax.lax.scan(add, jnp.zeros((), sums.dtype), sums)[1]


def ended(bits: jax.Array) -> Answer:
    """The bits up to the highest 1, and the symbol that ends them; (k,) gives (k + 1,)."""
    places = (jnp.arange(len(bits)) + 1) * (bits > 0)
    end = places.max()
    padded = jnp.pad(bits, (0, 1))
    return Answer(jnp.where(jnp.arange(len(padded)) == end, SIGN, padded), end + 1)
