import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.probe import Snapshot
from heldout.core.split import IID, TRAIN
from heldout.studies.formal.grok_corrupted import CORRUPTED, OneHot, labels, noisy

KEY = jax.random.key(5)


def shares(model):
    found = labels(Snapshot(noisy, None, None, model, 0), TRAIN, KEY, 10**6)
    return {name: float(value) for name, value in found.items()}


def test_labels_tell_a_model_that_knows_the_truth_from_one_that_knows_the_labels():
    made = noisy.operation
    table = np.zeros((made.elements, made.elements), int)
    table[tuple(made.pairs.T)] = made.labels

    def memory(inputs):
        index = inputs.argmax(-1)
        return jax.nn.one_hot(jnp.asarray(table)[index[:, 0], index[:, 1]], made.elements)

    assert shares(noisy.oracle()) == {"clean": 1.0, "corrupted": 0.0, "restored": 1.0}
    assert shares(memory) == {"clean": 1.0, "corrupted": 1.0, "restored": 0.0}
    trained = float(noisy.trials(noisy.oracle(), TRAIN, KEY, 10**6).score.mean())
    assert trained == pytest.approx(1 - CORRUPTED, abs=1e-3)


def test_one_hot_labels_are_those_of_the_task_with_a_mean_square_of_1():
    task = OneHot(noisy)
    for split in (TRAIN, IID):
        plain, written = noisy.draw(split, KEY, 50), task.draw(split, KEY, 50)
        assert np.array_equal(written.inputs, plain.inputs)
        assert np.array_equal(written.targets.argmax(-1), plain.targets)
        assert np.asarray(jnp.square(written.targets).mean(-1)) == pytest.approx(np.ones(50), rel=1e-5)
    assert (task.inputs, task.outputs, task.splits) == (noisy.inputs, noisy.outputs, noisy.splits)
