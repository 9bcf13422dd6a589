import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.probe import Snapshot
from heldout.core.split import TRAIN
from heldout.learners.elsewhere import Elsewhere
from heldout.learners.supervised import Supervised
from heldout.models.lookup import Lookup
from heldout.probes.norms import norms
from heldout.tasks.formal.modular import Modular

KEY = jax.random.key(2)
task, labels = Modular(7), Modular(7, corrupted=0.9)


class TwoLayers(eqx.Module):
    """Two linear maps with a rectifier between them and no biases."""

    first: jax.Array
    second: jax.Array

    def __call__(self, inputs):
        return jax.nn.relu(inputs.reshape(len(inputs), -1) @ self.first) @ self.second


def taken(model, learner=None, n=200):
    found = norms(Snapshot(task, learner, None, model, 0), TRAIN, KEY, n)
    return {name: float(value) for name, value in found.items()}


def test_by_hand():
    rng = np.random.default_rng(0)
    model = TwoLayers(jnp.asarray(rng.normal(size=(14, 5))), jnp.asarray(rng.normal(size=(5, 7))))
    batch, found = task.draw(TRAIN, KEY, 200), taken(model)
    margins = []
    for x, y in zip(np.asarray(batch.inputs), np.asarray(batch.targets), strict=True):
        out = np.maximum(x.ravel() @ np.asarray(model.first), 0) @ np.asarray(model.second)
        margins.append(out[y] - np.delete(out, y).max())
    assert found["margin"] == pytest.approx(np.mean(margins), rel=1e-4)
    assert found["fitted"] == pytest.approx(np.mean(np.array(margins) > 0))
    flat = np.concatenate([np.ravel(model.first), np.ravel(model.second)])
    assert found["weights"] == pytest.approx(np.linalg.norm(flat), rel=1e-5)


def test_margins_of_two_layers_grow_as_the_square_of_the_norm():
    model = TwoLayers(*(jax.random.normal(k, s) for k, s in zip(jax.random.split(KEY), ((14, 5), (5, 7)), strict=True)))
    one, twice = taken(model), taken(jax.tree.map(lambda w: 2 * w, model))
    assert twice["margin"] / twice["weights"] ** 2 == pytest.approx(one["margin"] / one["weights"] ** 2, rel=1e-4)


def test_margins_are_those_of_the_labels_that_were_learnt():
    model = labels.oracle()  # knows the true answers and nothing of corrupted ones
    learner = Elsewhere(Supervised(Lookup(2, 2), 1), labels)

    def fitted(who):
        return float(norms(Snapshot(task, who, None, Known(model), 0), TRAIN, KEY, 500)["fitted"])

    assert fitted(None) == 1.0
    assert fitted(learner) < 0.2


class Known(eqx.Module):
    """A table, with a number beside it so that there is a parameter."""

    table: object = eqx.field(static=True)
    number: jax.Array

    def __init__(self, table):
        self.table, self.number = table, jnp.ones(1)

    def __call__(self, inputs):
        return self.table(inputs) * self.number
