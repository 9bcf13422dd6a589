import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained, references
from heldout.learners.continued import Continued
from heldout.learners.optimiser import SGD, AdamW
from heldout.learners.soup import LastLayer, Soup, headed
from heldout.learners.supervised import Supervised
from heldout.models.linear import Linear
from heldout.models.lookup import Lookup
from heldout.models.mlp import MLP
from heldout.tasks.vision.noisy_digits import NoisyDigits

KEY = jax.random.key(3)
TASK = NoisyDigits(0.0)
LEARNER = Supervised(MLP(8, 1), 12, 8, SGD(0.1, 0.5))
STARTS = tuple(MLP(8, 1).build(jax.random.key(i), TASK.inputs, TASK.outputs) for i in (5, 6, 7))


def arrays(model):
    return [np.asarray(x) for x in jax.tree.leaves(model)]


def same(one, other):
    return all(np.allclose(a, b, atol=1e-5) for a, b in zip(arrays(one), arrays(other), strict=True))


def advanced(learner, *until):
    state = jax.jit(lambda: learner.start(TASK, KEY))()
    advance = jax.jit(lambda s, u: learner.advance(TASK, s, u))
    for step in until:
        state = advance(state, step)
    return state


def test_it_is_the_mean_of_trainings_that_are_done_one_by_one():
    soup = Soup(LEARNER, STARTS)
    found = soup.model(TASK, advanced(soup, 12))
    keys = jax.random.split(KEY, 3)
    alone = [
        jax.jit(lambda k, m: LEARNER.advance(TASK, Continued(LEARNER, m).start(TASK, k), 12).model)(key, start)
        for key, start in zip(keys, STARTS, strict=True)
    ]
    assert same(found, jax.tree.map(lambda *leaves: sum(leaves) / 3, *alone))
    assert not same(alone[0], alone[1])


def test_the_mean_of_linear_models_answers_as_the_mean_of_their_answers():
    learner = Supervised(Linear(), 5, 8, SGD(0.1, 0.0))
    starts = tuple(Linear().build(jax.random.key(i), TASK.inputs, TASK.outputs) for i in (1, 2))
    soup = Soup(learner, starts)
    state = advanced(soup, 5)
    images = TASK.draw(TASK.splits[1], KEY, 20).inputs
    each = jax.vmap(lambda model: model(images))(state.model)
    assert np.allclose(soup.model(TASK, state)(images), each.mean(0), atol=1e-5)


def test_members_start_with_their_bodies_and_one_head_and_can_be_halted():
    soup = Soup(LEARNER, STARTS, STARTS[2])
    first = advanced(soup)
    for i, start in enumerate(STARTS):
        assert same(jax.tree.map(lambda leaf, i=i: leaf[i], first.model), headed(start, STARTS[2]))
    assert same(headed(STARTS[0], STARTS[2]).layers[0], STARTS[0].layers[0])
    assert same(headed(STARTS[0], STARTS[2]).layers[1], STARTS[2].layers[1])
    assert same(advanced(soup, 12).model, advanced(soup, 5, 12).model)


def test_members_of_one_start_differ_by_their_batches():
    soup = Soup(LEARNER, (STARTS[0], STARTS[0]))
    state = advanced(soup, 12)
    assert not same(*(jax.tree.map(lambda leaf, i=i: leaf[i], state.model) for i in (0, 1)))


def test_linear_probing_is_the_gradient_step_of_the_last_layer():
    learner = Supervised(MLP(8, 1), 1, 16, LastLayer(SGD(0.5, 0.0)))
    probing = Continued(learner, STARTS[0])
    state = probing.start(TASK, KEY)
    found = jax.jit(lambda s: probing.advance(TASK, s, 1))(state).model
    batch = TASK.draw(TASK.splits[0], jax.random.fold_in(state.key, 0), 16)
    hidden = np.maximum(np.asarray(STARTS[0].layers[0](batch.inputs.reshape(16, -1))), 0)
    outputs = np.asarray(STARTS[0](batch.inputs))
    wrong = np.exp(outputs - outputs.max(1, keepdims=True))
    wrong = wrong / wrong.sum(1, keepdims=True) - np.eye(10)[np.asarray(batch.targets)]
    assert same(found.layers[0], STARTS[0].layers[0])
    assert np.allclose(found.layers[1].weight, STARTS[0].layers[1].weight - 0.5 * hidden.T @ wrong / 16, atol=1e-5)
    assert np.allclose(found.layers[1].bias, STARTS[0].layers[1].bias - 0.5 * wrong.mean(0), atol=1e-5)


def test_what_it_needs_is_known_and_what_is_wrong_is_one_line():
    learner = Supervised(Lookup(4, 8), 3, 8, AdamW(1e-2))
    soup = Soup(learner, (Trained(None, learner), Trained(TASK, learner)), Trained(None, learner))
    assert [path for path, _ in references(soup)] == [("starts", 0), ("starts", 1), ("head",)]
    with pytest.raises(HeldoutError, match="has no starts"):
        Soup(learner, ())
    with pytest.raises(HeldoutError, match="another shape") as error:
        Soup(LEARNER, (MLP(9, 1).build(KEY, TASK.inputs, TASK.outputs),)).start(TASK, KEY)
    assert "\n" not in str(error.value)
