"""How steadily a classifier is right when its answers are drawn again and again: pass@k, G-Pass@k and mG-Pass@k."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.stats.reliability import Metric, g_pass_at_k, mg_pass_at_k, pass_at_k
from heldout.stats.reliability.unbiased import of_items

SAMPLES, K = 48, 16
"""As in Liu et al. (2024)."""


def stability(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`greedy`: share right of the most probable answers. The rest from 48 answers to each question at temperature 1.

    `once`: pass@1. `any`: pass@16. `half`, `all`: G-Pass@16 with half of the answers right, and with all. `stable`:
    mG-Pass@16. Each is estimated without bias from how many of the 48 are right.
    """
    asking, drawing = jax.random.split(key)
    _, batch = snapshot.task.different(split, asking, n)
    logits = snapshot.model(batch.inputs)
    answers = jax.random.categorical(drawing, logits, shape=(SAMPLES, len(logits)))
    right = (answers == batch.targets).sum(0)
    metrics = {
        "once": pass_at_k(1),
        "any": pass_at_k(K),
        "half": g_pass_at_k(K, 0.5),
        "all": g_pass_at_k(K, 1.0),
        "stable": mg_pass_at_k(K),
    }
    found = {name: table(metric)[right].mean() for name, metric in metrics.items()}
    return {"greedy": snapshot.task.grade(batch, logits).mean(), **found}


def table(metric: Metric) -> jax.Array:
    """(49,) the estimate for every number right."""
    return jnp.asarray(of_items(metric, SAMPLES, np.arange(SAMPLES + 1)), jnp.float32)
