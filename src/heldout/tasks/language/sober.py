"""What a single seed on a small benchmark says of a model that is sampled, and what repeats with a paired test say."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import stdtrit

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split

SIZES, SEEDS, CANDIDATES, TRIALS = (30, 500), 20, 5, 400
GAIN = 0.05
"""What passes for progress: five points of pass@1."""

COLDER = 0.7
"""The temperature of a model that is really better than the same at 1."""


def sober(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """For benchmarks of 30 and of 500 questions (suffix `_30`, `_500`), drawn anew 400 times.

    `spread`: standard deviation of pass@1 over 20 seeds. `pair`: how often a candidate that is the model itself gains five
    points with a single seed; `best`: the same of the best of five. `holm`: how often any of the five is found different by a
    t test paired by question on means of 20 seeds, after Holm. `misordered`: how often the model at temperature 0.7, which is
    right more often, does not come out ahead with a single seed; `found`: how often the paired test finds it better.
    """
    _, batch = snapshot.task.different(split, key, n)
    logits = snapshot.model(batch.inputs)
    warm, cold = (jax.nn.softmax(logits / t)[jnp.arange(len(logits)), batch.targets] for t in (1.0, COLDER))
    found: dict[str, Any] = {"gain": cold.mean() - warm.mean()}
    for i, size in enumerate(SIZES):
        for name, value in _trials(warm, cold, size, jax.random.fold_in(key, i)).items():
            found[f"{name}_{size}"] = value
    return found


def _trials(warm: jax.Array, cold: jax.Array, size: int, key: jax.Array) -> dict[str, jax.Array]:
    keys = jax.random.split(key, 6)
    order = jax.vmap(lambda k: jax.random.permutation(k, len(warm))[:size])(jax.random.split(keys[0], TRIALS))
    p, better = warm[order], cold[order]
    seeds = [_drawn(p, 1, k).mean(-1) for k in jax.random.split(keys[1], SEEDS)]
    singles = _many(p, 1, keys[2]).mean(-1)
    repeated = _many(p, SEEDS, keys[3]) / SEEDS
    improved = _drawn(better, 1, keys[4]).mean(-1)
    strict = float(stdtrit(size - 1, 1 - 0.05 / CANDIDATES / 2))
    usual = float(stdtrit(size - 1, 0.975))
    gains = singles[1:] - singles[0]
    tests = jnp.abs(_t(repeated[1:] - repeated[0]))
    one = _t(_drawn(better, SEEDS, keys[5]) / SEEDS - repeated[0])
    return {
        "spread": jnp.stack(seeds).std(0, ddof=1).mean(),
        "pair": (gains[0] >= GAIN - 1e-6).mean(),
        "best": (gains.max(0) >= GAIN - 1e-6).mean(),
        "holm": (tests.max(0) > strict).mean(),
        "misordered": (improved <= singles[0] + 1e-6).mean(),
        "found": (one > usual).mean(),
    }


def _many(p: jax.Array, draws: int, key: jax.Array) -> jax.Array:
    """(1 + candidates, trials, size) numbers right of a model and of candidates that are the model itself."""
    return jnp.stack([_drawn(p, draws, k) for k in jax.random.split(key, 1 + CANDIDATES)])


def _drawn(p: jax.Array, draws: int, key: jax.Array) -> jax.Array:
    """How many of so many answers are right where each is with probability p, by inverting the binomial law."""
    u = jax.random.uniform(key, p.shape)
    if draws == 1:
        return (u < p).astype(jnp.float32)
    rare = jnp.minimum(p, 1 - p)  # the first chance, (1 - rare)**draws, is then no underflow
    odds = rare / (1 - rare)

    def step(i: jax.Array, state: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        chance, total, drawn = state
        total = total + chance
        return chance * odds * (draws - i) / (i + 1), total, drawn + (u > total)

    nothing = jnp.zeros_like(p)
    drawn = jax.lax.fori_loop(0, draws, step, ((1 - rare) ** draws, nothing, nothing))[2]
    return jnp.where(p > rare, draws - drawn, drawn)


def _t(differences: jax.Array) -> jax.Array:
    """Student's t of differences along the last axis; 0 where all are 0."""
    n, spread = differences.shape[-1], differences.std(-1, ddof=1)
    return jnp.where(spread > 0, differences.mean(-1) / jnp.where(spread > 0, spread, 1.0) * np.sqrt(n), 0.0)
