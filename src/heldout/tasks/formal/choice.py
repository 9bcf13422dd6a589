"""Which of many drawn instances to take."""

from typing import Any

import jax
import jax.numpy as jnp


def preferred(ids: jax.Array, belongs: jax.Array, *, skip: bool) -> jax.Array:
    """The order in which to take instances with (n, 2) ids: those that belong, as drawn; with `skip` repeats after them."""
    rank = 2 * (~belongs).astype(jnp.int32)
    if skip:
        rank = rank + repeats(ids)
    return jnp.argsort(rank, stable=True)


def repeats(ids: jax.Array) -> jax.Array:
    """(n,) whether an instance has been drawn before."""
    order = jnp.lexsort((ids[:, 1], ids[:, 0]))  # stable: of equals the first drawn comes first
    ordered = ids[order]
    again = jnp.concatenate([jnp.zeros(1, bool), (ordered[1:] == ordered[:-1]).all(-1)])
    return jnp.zeros(len(ids), bool).at[order].set(again)


def mixed(words: Any) -> jax.Array:
    """Unsigned 32-bit words in which every bit depends on all bits (the last steps of MurmurHash3; Appleby, 2011)."""
    words = (words ^ (words >> 16)) * jnp.uint32(0x85EBCA6B)
    words = (words ^ (words >> 13)) * jnp.uint32(0xC2B2AE35)
    return words ^ (words >> 16)
