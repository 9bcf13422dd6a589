"""Episodes as sequences: a point is asked about, then shown with its answer, and so on; later points can be told from earlier ones."""

import jax
import jax.numpy as jnp

from heldout.tasks.interfaces import Batch


def interleaved(points: jax.Array, answers: jax.Array) -> jax.Array:
    """(n, m, d) points and (n, m, k) answers as they are shown, to (n, 2 m, d + k + 1).

    Positions 0, 2, 4 ... ask: the point, and zeros. Positions 1, 3, 5 ... answer: the point again, its answer, and a 1.
    """
    n, m, _ = points.shape
    asking = jnp.concatenate([points, jnp.zeros_like(answers), jnp.zeros((n, m, 1))], -1)
    answering = jnp.concatenate([points, answers, jnp.ones((n, m, 1))], -1)
    return jnp.stack([asking, answering], 2).reshape(n, 2 * m, -1)


def batch(points: jax.Array, shown: jax.Array, targets: jax.Array) -> Batch:
    """Episodes with what is asked at every point: `targets` (n, m) classes or (n, m, k) numbers; `shown` as `interleaved` takes it.

    Only positions that ask count.
    """
    n, m = points.shape[:2]
    counted = jnp.broadcast_to((jnp.arange(2 * m) % 2 == 0).astype(jnp.float32), (n, 2 * m))
    return Batch(interleaved(points, shown), jnp.repeat(targets, 2, axis=1), counted)


def asked(values: jax.Array) -> jax.Array:
    """(n, 2 m, ...) to (n, m, ...): what stands at the positions that ask."""
    return values[:, ::2]


def parted(inputs: jax.Array, d: int) -> tuple[jax.Array, jax.Array]:
    """The points (n, m, d) and the answers as shown (n, m, k) of interleaved episodes."""
    return inputs[:, ::2, :d], inputs[:, 1::2, d:-1]
