"""Whether a classifier is as often right as it says."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.core.task import Outcomes

BINS = 15


def calibration(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`error`: expected calibration error over 15 equal bins of confidence (Guo et al., 2017); `confidence`: its mean.

    Needs the fact `confidence`, the probability of the answer, and scores that are 0 or 1.
    """
    import jax.numpy as jnp

    found = snapshot.task.trials(snapshot.model, split, key, n)
    confidence = fact(found, "confidence", snapshot.task)
    gap = jnp.asarray(found.score) - confidence
    bins = jnp.clip((confidence * BINS).astype(int), 0, BINS - 1)
    sums = jnp.zeros(BINS).at[bins].add(gap)
    return {"error": jnp.abs(sums).sum() / len(gap), "confidence": jnp.mean(confidence)}


def fact(found: Outcomes, name: str, task: Any) -> Any:
    """A fact that a task's trials must tell."""
    if name not in found.facts:
        raise HeldoutError(
            f"task {task.name!r} tells no {name!r} about its trials, so that this probe cannot be taken on it"
        )
    import jax.numpy as jnp

    return jnp.asarray(found.facts[name])
