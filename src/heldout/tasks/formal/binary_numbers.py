"""Pairs of binary numbers, lowest bit first, as the arithmetic tasks write them."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import Answer, pick

SIGN = 2
"""The symbol between two numbers; among the answers the one that ends them."""
WORD = 32
"""Bits that are added at a time."""


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
    end = highest(packed(bits > 0))
    padded = jnp.pad(bits, (0, 1))
    return Answer(jnp.where(jnp.arange(len(padded)) == end, SIGN, padded), end + 1)


def added(string: jax.Array, length: jax.Array) -> jax.Array:
    """The bits of the sum of both numbers, (room,); whole words are added, which is faster than `carried`."""
    behind = highest(packed(string == SIGN))
    ones = packed((string == 1) & (jnp.arange(len(string)) < length))
    first = [word & _below(behind - WORD * i) for i, word in enumerate(ones)]
    carry, sums = jnp.uint32(0), []
    for one, other in zip(first, _lowered(ones, behind), strict=True):
        total = one + other
        sums.append(total + carry)
        carry = ((total < one) | (sums[-1] < total)).astype(jnp.uint32)
    bits = jnp.stack(sums)[:, None] >> jnp.arange(WORD, dtype=jnp.uint32)
    return (bits & 1).reshape(-1)[: len(string)].astype(string.dtype)


def packed(bits: jax.Array) -> list[jax.Array]:
    """(k,) bits as unsigned words, the lowest first."""
    parts = [bits[i : i + WORD].astype(jnp.uint32) for i in range(0, len(bits), WORD)]
    return [(part << jnp.arange(len(part), dtype=jnp.uint32)).sum(dtype=jnp.uint32) for part in parts]


def highest(words: Sequence[jax.Array]) -> jax.Array:
    """The number of bits up to the highest 1."""
    found = jnp.int32(0)
    for i, word in enumerate(words):
        found = jnp.where(word > 0, WORD * (i + 1) - jax.lax.clz(word).astype(jnp.int32), found)
    return found


def _below(place: jax.Array) -> jax.Array:
    """A word whose lowest `place` bits are 1: none or all of them where that is beyond its ends."""
    inside = jnp.clip(place, 0, WORD - 1).astype(jnp.uint32)
    return jnp.where(place >= WORD, jnp.uint32(2**WORD - 1), (jnp.uint32(1) << inside) - 1)


def _lowered(words: Sequence[jax.Array], by: jax.Array) -> list[jax.Array]:
    """All bits `by` places lower."""
    whole, rest = by // WORD, (by % WORD).astype(jnp.uint32)
    nothing, n = jnp.zeros_like(words[0]), len(words)
    filled = [*words, *(nothing for _ in range(n + 1))]
    moved = [jnp.select([whole == j for j in range(n + 1)], filled[i : i + n + 1], nothing) for i in range(n + 1)]
    return [(low >> rest) | ((high << 1) << (WORD - 1 - rest)) for low, high in zip(moved, moved[1:], strict=False)]
