"""Teaching by traces: the loss against Optax, what steps are shown, and a network that learns to search."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from heldout.core import Learner
from heldout.core.split import IID
from heldout.learners.optimiser import AdamW
from heldout.learners.reasoner import Reasoner, follow, mistake
from heldout.models.message_passing import MessagePassing, Said
from heldout.tasks.formal.traces.paths import BFS
from heldout.tasks.formal.traces.trace import Shape, State, draw

RNG = np.random.default_rng(0)
TASK = BFS(5, (7,))
PROBLEM, TRACE = jax.tree.map(lambda x: x[0], draw(TASK, IID, 2, jax.random.key(0)))


def net(history="kept", hints=True, soft=False):
    return MessagePassing(4, history, hints, soft).build(jax.random.key(1), TASK.shape)


FOLLOW = eqx.filter_jit(follow)
STEP = eqx.filter_jit(lambda model, state, memory: model.step(PROBLEM, state, memory))
LOSS = eqx.filter_jit(lambda learner, model, trace: learner.loss(model, PROBLEM, trace))


def test_the_loss_of_a_state_is_that_of_its_parts():
    shape = Shape(2, 1, (True, False), 1, None)
    said = Said(*(jnp.asarray(RNG.normal(size=s)) for s in ((6, 6), (6, 2), (6, 1))), jnp.zeros((6, 0)))
    pointers, numbers = RNG.integers(0, 6, 6), RNG.normal(size=(6, 1))
    masks = np.stack([np.eye(6)[2], RNG.integers(0, 2, 6)], -1)
    wanted = (
        optax.softmax_cross_entropy_with_integer_labels(said.pointers, pointers).mean()
        + optax.softmax_cross_entropy(said.masks[:, 0], masks[:, 0])
        + optax.sigmoid_binary_cross_entropy(said.masks[:, 1], masks[:, 1]).mean()
        + np.square(said.numbers - numbers).mean()
    )
    found = mistake(said, State(jnp.asarray(pointers), jnp.asarray(masks), jnp.asarray(numbers)), shape)
    assert found == pytest.approx(float(wanted), rel=1e-5)


@pytest.mark.parametrize("forced", [True, False])
def test_a_step_is_shown_the_true_state_before_it_or_the_one_that_was_predicted(forced):
    model, memory = net(soft=True), jnp.zeros((5, 4))
    state, losses = jax.tree.map(lambda x: x[0], TRACE), []
    for t in range(1, 5):
        memory, said = STEP(model, state, memory)
        true = jax.tree.map(lambda x, t=t: x[t], TRACE)
        losses.append(float(mistake(said, true, TASK.shape)))
        state = true if forced else model.passed(said)
    assert np.allclose(FOLLOW(model, PROBLEM, TRACE, forced)[0], losses, rtol=1e-4)


def test_without_hints_only_the_last_state_is_taught_and_none_but_the_first_is_shown():
    model, learner = net(hints=False), Reasoner(MessagePassing(4, "kept", hints=False), 1, forced=True)
    other = TRACE._replace(pointers=TRACE.pointers.at[1:-1].set(0), masks=TRACE.masks.at[1:-1].set(0))
    loss = LOSS(learner, model, TRACE)
    assert loss == pytest.approx(float(LOSS(learner, model, other)))
    assert loss == pytest.approx(float(FOLLOW(model, PROBLEM, TRACE, False)[0][-1]))


def test_the_gate_costs_its_mean_opening():
    model = net("gated")
    plain, dear = (LOSS(Reasoner(MessagePassing(4, "gated"), 1, penalty=p), model, TRACE) for p in (0.0, 2.0))
    opening = FOLLOW(model, PROBLEM, TRACE, False)[1]
    assert opening.shape == (4,)
    assert dear - plain == pytest.approx(2.0 * float(opening.mean()), rel=1e-4)
    assert 0.3 < opening.mean() < 0.7
    assert not FOLLOW(net(), PROBLEM, TRACE, False)[1].any()


def test_gradients_reach_earlier_steps_through_soft_states_only():
    def last(first, soft):
        model = net("forgotten", soft=soft)
        return follow(model, PROBLEM, TRACE._replace(masks=TRACE.masks.at[0].set(first)), False)[0][-1]

    slope = jax.jit(jax.grad(last), static_argnums=1)
    hard, soft = (np.abs(slope(TRACE.masks[0], s)).sum() for s in (False, True))
    assert hard == 0.0
    assert soft > 0.0


def test_a_network_without_history_learns_to_search_breadth_first():
    task = BFS(6, (8,))
    learner = Reasoner(MessagePassing(16, "forgotten", soft=True), 250, 16, AdamW(1e-2, 0.0, schedule="cosine"))
    assert isinstance(learner, Learner)

    @jax.jit
    def trained(key):
        return learner.model(task, learner.advance(task, learner.start(task, key), 250))

    before = learner.architecture.build(jax.random.key(4), task.shape)
    after = trained(jax.random.key(4))
    scores = [float(task.trials(one, IID, jax.random.key(5), 64).score.mean()) for one in (before, after)]
    assert scores[1] > max(0.7, scores[0] + 0.2)
