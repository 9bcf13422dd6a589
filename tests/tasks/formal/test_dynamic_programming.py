"""The items that dynamic programming takes, against trying all choices."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np

from heldout.tasks.formal.dynamic_programming import chosen


def best(profits, weights, capacity):
    """The best of all choices; of several the one that is smallest as a binary number whose last item counts most."""
    allowed = [take for take in product((0, 1), repeat=len(weights)) if np.dot(take, weights) <= capacity]
    return list(min(allowed, key=lambda take: (-np.dot(take, profits), take[::-1])))


def test_it_takes_what_trying_all_choices_takes():
    rng = np.random.default_rng(4)
    profits, weights, capacity = rng.integers(1, 6, (200, 7)), rng.integers(1, 9, (200, 7)), rng.integers(0, 25, 200)
    found = jax.jit(jax.vmap(lambda p, w, c: chosen(p, w, c, 24)))(*map(jnp.asarray, (profits, weights, capacity)))
    wanted = [best(p, w, c) for p, w, c in zip(profits, weights, capacity, strict=True)]
    assert np.asarray(found).astype(int).tolist() == wanted
