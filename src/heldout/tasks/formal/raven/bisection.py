"""The eight answers of I-RAVEN: an attribute bisection tree (Hu et al., 2021), in which no answer stands out."""

import jax
import jax.numpy as jnp

from heldout.tasks.formal.raven.rules import ranks

ANSWERS = 8
ATTRIBUTES = 3


def leaves(numbers: jax.Array, right: jax.Array, other: jax.Array) -> tuple[jax.Array, jax.Array]:
    """(8, 3) answers in an order from (8,) uniform numbers, and the index of the right one.

    At each of three levels the tree parts on one attribute: half of the answers have its value in `right` (3,), half that in
    `other` (3,).
    """
    order = ranks(numbers)
    swapped = (order[:, None] >> jnp.arange(ATTRIBUTES)) & 1
    return jnp.where(swapped == 1, other, right), order.argmin()
