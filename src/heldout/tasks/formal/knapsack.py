"""The knapsack problem in which an item is taken or left."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.dynamic_programming import chosen
from heldout.tasks.formal.selection import LARGEST, Selection

CAPACITY = (10, 20)
"""What the knapsack holds in training."""


@dataclass(frozen=True)
class Knapsack(Selection):
    """Take the items of the greatest total value whose weights fit; items are shown as value/weight.

    `10 of 3/4 5/9 6/5`: `3/4 6/5`. `10 of 1/9 2/2 9/10`: `9/10`.
    """

    name: ClassVar[str] = "knapsack"
    numbers: ClassVar[int] = 2

    def ask(self, key: jax.Array, items: jax.Array, scale: int) -> jax.Array:
        """What the knapsack holds; it grows with the numbers, not with how many there are."""
        return jax.random.randint(key, items.shape[:1], CAPACITY[0] * scale, CAPACITY[1] * scale + 1)

    def solve(self, items: jax.Array, asked: jax.Array, scale: int) -> jax.Array:
        """By dynamic programming."""
        return chosen(items[:, 0], items[:, 1], asked, CAPACITY[1] * scale)

    def shown(self, asked: Any, length: int) -> Any:  # noqa: ARG002
        """As large as a weight of that size."""
        return asked / LARGEST

    def read(self, shown: Any, length: int) -> Any:  # noqa: ARG002
        """The capacity."""
        return jnp.round(shown * LARGEST).astype(jnp.int32)
