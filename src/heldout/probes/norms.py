"""How large a classifier's parameters are, and how large the outputs that they pay for."""

from collections.abc import Mapping
from typing import Any

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split


def norms(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`weights`: the Euclidean norm of all parameters. `margin`: the mean of the label's output less the largest other one.

    `fitted`: the share of examples with a positive margin. Examples are drawn, with replacement, from the split of what the
    learner learns from (its `source`, where it has one). Margins of L layers without biases, each positively homogeneous,
    grow as the L-th power of the norm, so that margin / weights^L says what a norm of 1 would buy (Lyu and Li, 2020).
    """
    import jax
    import jax.numpy as jnp

    arrays = [x for x in jax.tree.leaves(snapshot.model) if jnp.issubdtype(x.dtype, jnp.inexact)]
    batch = (getattr(snapshot.learner, "source", None) or snapshot.task).draw(split, key, n)
    outputs = snapshot.model(batch.inputs)
    label = batch.targets[..., None] == jnp.arange(outputs.shape[-1])
    margin = jnp.where(label, outputs, 0.0).sum(-1) - jnp.where(label, -jnp.inf, outputs).max(-1)
    size = jnp.sqrt(sum(jnp.square(x).sum() for x in arrays))
    return {"weights": size, "margin": margin.mean(), "fitted": (margin > 0).mean()}
