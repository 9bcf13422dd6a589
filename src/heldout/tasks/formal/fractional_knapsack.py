"""The knapsack problem in which a part of an item may be taken."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.knapsack import Knapsack


@dataclass(frozen=True)
class FractionalKnapsack(Knapsack):
    """Mark what goes into the knapsack, whole or in part, when value per weight comes first; items are shown as value/weight.

    `10 of 3/4 5/9 6/5`: `3/4 5/9 6/5`, one ninth of the second. `10 of 1/9 2/2 9/10`: `2/2 9/10`.
    """

    name: ClassVar[str] = "fractional knapsack"

    def solve(self, items: jax.Array, asked: jax.Array, scale: int) -> jax.Array:  # noqa: ARG002
        """An item is taken if those of more value per weight, or as much and before it, leave room."""
        value, weight = items[:, 0], items[:, 1]
        first, second = value[:, None] * weight, value * weight[:, None]  # of two items, which is worth more per weight
        earlier = jnp.arange(len(items))[:, None] < jnp.arange(len(items))
        before = (first > second) | ((first == second) & earlier)
        return (before * weight[:, None]).sum(0) < asked
