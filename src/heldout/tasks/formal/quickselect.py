"""The k-th smallest of some numbers."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.selection import Selection


@dataclass(frozen=True)
class Quickselect(Selection):
    """Mark every item that equals the k-th smallest; k, from 1 to the number of items, is shown as a share of the way.

    `3 of 1 4 4 9`: `4 4`. `1 of 2 3 5 8`: `2`.
    """

    name: ClassVar[str] = "quickselect"
    numbers: ClassVar[int] = 1

    def ask(self, key: jax.Array, items: jax.Array, scale: int) -> jax.Array:  # noqa: ARG002
        """Some k."""
        return jax.random.randint(key, items.shape[:1], 1, items.shape[1] + 1)

    def solve(self, items: jax.Array, asked: jax.Array, scale: int) -> jax.Array:  # noqa: ARG002
        """All that equal the k-th."""
        values = items[:, 0]
        return values == jnp.sort(values)[asked - 1]

    def shown(self, asked: Any, length: int) -> Any:
        """From 0 for the smallest to 1 for the largest."""
        return (asked - 1) / (length - 1)

    def read(self, shown: Any, length: int) -> Any:
        """The k of a share."""
        return jnp.round(shown * (length - 1)).astype(jnp.int32) + 1
