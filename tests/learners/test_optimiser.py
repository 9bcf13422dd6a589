import jax.numpy as jnp
import numpy as np
import optax
import pytest

from heldout.core.digest import digest
from heldout.learners.optimiser import SGD, AdamW, NAdamW


def path(optimiser, steps=5):
    """Where a quadratic bowl takes a point."""
    made = optimiser.build(steps)
    place = jnp.array([1.0, -2.0])
    state, seen = made.init(place), []
    for _ in range(steps):
        change, state = made.update(place, state, place)
        place = optax.apply_updates(place, change)
        seen.append(np.asarray(place))
    return np.array(seen)


def test_momentum_follows_polyaks_recursion():
    place, velocity, expected = np.array([1.0, -2.0]), np.zeros(2), []
    for _ in range(5):
        velocity = 0.9 * velocity + place
        place = place - 0.1 * velocity
        expected.append(place)
    assert path(SGD(0.1)) == pytest.approx(np.array(expected), abs=1e-6)


def test_nesterov_looks_ahead():
    place, velocity, expected = np.array([1.0, -2.0]), np.zeros(2), []
    for _ in range(5):
        velocity = 0.9 * velocity + place
        place = place - 0.1 * (place + 0.9 * velocity)
        expected.append(place)
    assert path(SGD(0.1, nesterov=True)) == pytest.approx(np.array(expected), abs=1e-6)


def test_nadamw_is_optaxs_and_not_adamw():
    assert not np.allclose(path(NAdamW(0.1)), path(AdamW(0.1)))


def test_a_cosine_ends_at_rest():
    steps = np.diff(path(SGD(0.1, momentum=0.0, schedule="cosine"), 50), axis=0)
    assert np.abs(steps[-1]).max() < 1e-3 * np.abs(steps[0]).max() + 1e-6


def test_digests_tell_optimisers_apart_and_that_of_adamw_is_what_it_was():
    assert len({digest(o) for o in (AdamW(), NAdamW(), SGD(), SGD(nesterov=True))}) == 4
