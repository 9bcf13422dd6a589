import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.split import TRAIN
from heldout.models.lookup import Lookup
from heldout.models.quadratic import Squares
from heldout.probes.participation import participation


def taken(model):
    return participation(Snapshot(None, None, None, model, 0), TRAIN, None, 0)


def test_half_the_neurons_are_waves():
    t = np.arange(13)
    wave = np.cos(2 * np.pi * 5 * t / 13)
    noise = sum(np.cos(2 * np.pi * f * t / 13 + f) for f in range(1, 7))
    vectors = jnp.asarray(np.stack([wave, noise], 1))
    found = taken(Squares(jnp.stack([vectors, vectors]), vectors.T))
    assert float(found["periodic"]) == 0.5
    assert float(found["mean"]) == pytest.approx((1 + 1 / 6) / 2, rel=1e-4)


def test_models_without_such_neurons_are_named():
    with pytest.raises(HeldoutError, match="Embedded has no neurons"):
        taken(Lookup(2, 2).build(jax.random.key(0), (2, 5), 5))
