import jax
import numpy as np
import pytest

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.split import TRAIN
from heldout.core.trained import Trained
from heldout.learners.continued import Continued
from heldout.learners.elsewhere import Elsewhere
from heldout.learners.optimiser import SGD, AdamW
from heldout.learners.supervised import Supervised, loss
from heldout.models.lookup import Lookup
from heldout.tasks.formal.modular import Modular

KEY = jax.random.key(3)
few, many = Modular(7, fraction=0.3), Modular(7, fraction=0.8)


def arrays(model):
    return [np.asarray(x) for x in jax.tree.leaves(model)]


def same(one, other):
    return all(np.allclose(a, b, atol=1e-6) for a, b in zip(arrays(one), arrays(other), strict=True))


def run(learner, task):
    state = learner.start(task, KEY)
    return learner.model(task, jax.jit(lambda s: learner.advance(task, s, learner.steps))(state))


def test_going_on_from_first_weights_is_training():
    learner = Supervised(Lookup(4, 8), 20, 8, AdamW(1e-2))
    first = learner.start(many, KEY).model
    assert same(run(Continued(learner, first), many), run(learner, many))


def test_the_first_update_is_one_of_gradient_descent_from_the_weights_given():
    learner = Supervised(Lookup(4, 8), 1, 16, SGD(0.5, momentum=0.0))
    given = run(Supervised(Lookup(4, 8), 30, 8, AdamW(1e-2)), many)
    state = Continued(learner, given).start(few, KEY)
    batch = few.draw(TRAIN, jax.random.fold_in(state.key, 0), 16)
    slope = jax.grad(lambda model: loss("cross entropy", model(batch.inputs), batch))(given)
    assert same(run(Continued(learner, given), few), jax.tree.map(lambda w, g: w - 0.5 * g, given, slope))


def test_weights_of_another_shape_are_refused_in_one_line():
    given = Lookup(4, 9).build(KEY, many.inputs, many.outputs)
    with pytest.raises(HeldoutError, match="another shape") as error:
        Continued(Supervised(Lookup(4, 8), 1), given).start(few, KEY)
    assert "\n" not in str(error.value)


def test_training_elsewhere_is_training_there():
    learner = Supervised(Lookup(4, 8), 20, 8, AdamW(1e-2))
    assert same(run(Elsewhere(learner, few), many), run(learner, few))
    assert not same(run(Elsewhere(learner, few), many), run(learner, many))


def test_elsewhere_must_have_the_same_shape():
    with pytest.raises(HeldoutError, match="same shape"):
        Elsewhere(Supervised(Lookup(4, 8), 1), Modular(5)).start(many, KEY)


def test_what_is_learnt_from_is_known_and_counts_in_the_digest():
    learner = Supervised(Lookup(4, 8), 1)
    one, other = (Continued(Elsewhere(learner, task), Trained(None, learner)) for task in (few, many))
    assert one.source is few
    assert Continued(learner, Trained(None, learner)).source is None
    assert digest(one) != digest(other)
    assert [(c.task, c.learner) for c in Cell(many, one).needs] == [(many, learner)]
    assert one.steps == 1
