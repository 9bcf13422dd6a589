"""Which class is taken for which."""

from collections.abc import Mapping
from typing import Any

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.probes.calibration import fact


def confusion(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """The share of instances of each class that got each answer, as `label.answer`; 0 for a class that was not drawn.

    Needs the facts `label` and `answer`, class indices below the task's `outputs`.
    """
    import jax.numpy as jnp

    found, classes = snapshot.task.trials(snapshot.model, split, key, n), snapshot.task.outputs
    labels, answers = fact(found, "label", snapshot.task), fact(found, "answer", snapshot.task)
    counts = jnp.zeros((classes, classes)).at[labels, answers].add(1.0)
    shares = counts / jnp.maximum(counts.sum(1, keepdims=True), 1.0)
    return {f"{label}.{answer}": shares[label, answer] for label in range(classes) for answer in range(classes)}
