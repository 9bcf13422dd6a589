import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.cell import Cell
from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained
from heldout.learners.pruned import Pruned
from heldout.learners.supervised import Supervised
from heldout.models.quadratic import Quadratic, Squares
from heldout.tasks.formal.modular import Modular

KEY = jax.random.key(1)
task = Modular(7)


def pure(frequencies):
    """Neurons whose weights are waves of so many frequencies each."""
    t = np.arange(7)
    waves = [sum(np.cos(2 * np.pi * f * t / 7) for f in range(1, n + 1)) for n in frequencies]
    vectors = jnp.asarray(np.stack(waves, 1))
    return Squares(jnp.stack([vectors, vectors]), vectors.T)


def left(learner):
    model = learner.model(task, learner.start(task, KEY))
    return np.flatnonzero(np.abs(np.asarray(model.second)).sum(1))


def test_neurons_go_in_the_order_of_their_participation():
    model = pure((3, 1, 2, 1, 3, 2))
    assert left(Pruned(model, 1 / 3, "lowest")).tolist() == [1, 2, 3, 5]
    assert left(Pruned(model, 1 / 3, "highest")).tolist() == [0, 2, 4, 5]
    assert len(left(Pruned(model, 0.5, "random"))) == 3
    assert len(left(Pruned(model, 0.0))) == 6


def test_what_is_left_is_as_it_was():
    model = Quadratic(6).build(KEY, task.inputs, task.outputs)
    learner = Pruned(model, 0.5)
    pruned = learner.model(task, learner.start(task, KEY))
    stay = left(learner)
    assert np.array_equal(pruned.first[..., stay], model.first[..., stay])
    assert np.array_equal(pruned.second[stay], model.second[stay])


def test_it_is_judged_by_seeds_since_its_source_was_trained():
    source = Supervised(Quadratic(6), 10)
    cell = Cell(task, Pruned(Trained(None, source), 0.5))
    assert cell.unit == "seed"
    assert [need.learner for need in cell.needs] == [source]


@pytest.mark.parametrize(
    ("wrong", "said"), [({"share": 1.5}, "from 0 to 1"), ({"share": 0.5, "which": "best"}, "give lowest")]
)
def test_what_cannot_be_is_said(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        Pruned(pure((1,)), **wrong)
