"""How steeply the loss bends around a model."""

from collections.abc import Mapping
from typing import Any

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split

ROUNDS = 40
"""Steps of power iteration."""


def sharpness(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`eigenvalue`: that of the Hessian of the mean loss on `n` examples which is largest in size, by power iteration.

    Needs a task of examples and a model that is a tree of arrays. Found from below: where two are about equally large, it may
    lie a little under both.
    """
    import jax

    from heldout.learners.supervised import loss

    drawn, begun = jax.random.split(key)
    batch = snapshot.task.draw(split, drawn, n)
    slope = jax.grad(lambda model: loss(snapshot.task.loss, model(batch.inputs), batch))
    return {"eigenvalue": largest(slope, snapshot.model, begun)}


def largest(slope: Any, at: Any, key: Key) -> Any:
    """The eigenvalue largest in size of the matrix of derivatives of a gradient `slope` at a tree of arrays."""
    import jax
    import optax

    def product(direction: Any) -> Any:
        return jax.grad(lambda here: optax.tree.vdot(slope(here), direction))(at)  # reverse mode twice

    def unit(tree: Any) -> Any:
        return optax.tree.scale(1.0 / jax.numpy.maximum(optax.tree.norm(tree), 1e-20), tree)

    leaves, structure = jax.tree.flatten(at)
    keys = jax.random.split(key, len(leaves))
    first = [jax.random.normal(k, x.shape, x.dtype) for k, x in zip(keys, leaves, strict=True)]
    begun = unit(jax.tree.unflatten(structure, first))
    direction = jax.lax.fori_loop(0, ROUNDS, lambda _, v: unit(product(v)), begun)
    return optax.tree.vdot(direction, product(direction))
