"""The loss of each domain."""

from typing import Any

import jax

from heldout.learners.supervised import loss
from heldout.tasks.interfaces import Batch


def answers(model: Any, batch: Batch) -> jax.Array:
    """The outputs for a batch of every domain, (domains, n, ...), asked for at once."""
    domains, n = batch.inputs.shape[:2]
    outputs = model(batch.inputs.reshape(domains * n, *batch.inputs.shape[2:]))
    return outputs.reshape(domains, n, *outputs.shape[1:])


def risks(kind: str, model: Any, batch: Batch) -> jax.Array:
    """The mean loss on each domain of a batch of every domain: (domains,)."""
    return jax.vmap(lambda outputs, one: loss(kind, outputs, one))(answers(model, batch), batch)
