"""Dynamic programming over items that are taken once or not at all, and the items that it takes."""

import jax
import jax.numpy as jnp


def chosen(profits: jax.Array, weights: jax.Array, capacity: jax.Array, room: int) -> jax.Array:
    """(items,) whether each is taken: the greatest sum of profits with positive weights that sum to at most `capacity`.

    `room`: the largest capacity there may be. Of several best choices it is the one that does without the last item where that
    is possible, then without the last but one, and so on.
    """
    columns = jnp.arange(room + 1)

    def forward(best: jax.Array, item: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        profit, weight = item
        before = columns - weight
        taken = jnp.where(before >= 0, best[jnp.maximum(before, 0)] + profit, 0)
        return jnp.maximum(best, taken), taken > best

    def backward(left: jax.Array, item: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        weight, better = item
        take = better[left]
        return left - weight * take, take

    _, better = jax.lax.scan(forward, jnp.zeros_like(columns), (profits, weights))
    _, take = jax.lax.scan(backward, capacity, (weights, better), reverse=True)
    return take
