"""Rows of a data set of which there are only so many: which are drawn, which are asked about, and what these are called."""

import jax
import jax.numpy as jnp

from heldout.core.seeds import words


def repeated(key: jax.Array, size: int, n: int) -> jax.Array:
    """(n,) rows drawn with replacement."""
    return (jax.random.uniform(key, (n,)) * size).astype(jnp.int32)  # `randint` draws twice


def different(key: jax.Array, size: int, n: int) -> jax.Array:
    """`n` different rows, or all in their order where there are no more."""
    return jnp.arange(size) if n >= size else jax.random.permutation(key, size)[:n]


def named(index: jax.Array, *names: str) -> jax.Array:
    """(n, 2) uint32 ids of rows, told apart from the same rows of other things by names."""
    return jnp.stack([jnp.full(index.shape, words(*names).low, jnp.uint32), index.astype(jnp.uint32)], -1)
