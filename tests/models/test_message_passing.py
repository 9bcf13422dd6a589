"""The message-passing network against loops, and what it may know of earlier steps."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import IID
from heldout.models.message_passing import MessagePassing, Said
from heldout.tasks.formal.traces.paths import BFS
from heldout.tasks.formal.traces.searching import Minimum
from heldout.tasks.formal.traces.trace import draw

TASK = BFS(5, (7,))
PROBLEMS, STATES = draw(TASK, IID, 3, jax.random.key(0))
PROBLEM, STATE = (jax.tree.map(lambda x: x[0], one) for one in (PROBLEMS, jax.tree.map(lambda x: x[:, 1], STATES)))

STEPS = eqx.filter_jit(lambda model, problem, state, memory: jax.vmap(model.step)(problem, state, memory))
STEP = eqx.filter_jit(lambda model, problem, state, memory: model.step(problem, state, memory))


def net(history="kept", hints=True, soft=False):
    return MessagePassing(6, history, hints, soft).build(jax.random.key(1), TASK.shape)


def dense(layer, x):
    return np.asarray(x) @ np.asarray(layer.weight) + np.asarray(layer.bias)


def test_a_step_is_what_loops_over_nodes_and_neighbours_give():
    model, memory = net(), np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    hidden, said = STEP(model, PROBLEM, STATE, memory)
    nodes, edges = (np.asarray(x) for x in PROBLEM)
    seen = [dense(model.nodes, [*nodes[i], *np.asarray(STATE.masks[i])]) for i in range(5)]
    known = [dense(model.known, np.concatenate([a, b])) for a, b in zip(seen, memory, strict=True)]
    points = np.asarray(STATE.pointers)
    pair = {
        (u, v): dense(model.edges, [*edges[u, v], float(points[u] == v), float(points[v] == u)])
        for u in range(5)
        for v in range(5)
    }
    for v in range(5):
        heard = np.zeros(6)
        for u in range(5):
            if edges[u, v, 0] or u == v:
                heard = np.maximum(heard, known[u][:6] + known[v][6:12] + pair[u, v][:6])
        raw = np.maximum(known[v][12:] + dense(model.heard, heard), 0)
        assert np.allclose(hidden[v], (raw - raw.mean()) / np.sqrt(raw.var() + 1e-5), atol=1e-4)
    told = dense(model.told, np.asarray(hidden))
    assert np.allclose(said.masks, told[:, 12:13], atol=1e-4)
    for v in range(5):
        for u in range(5):
            ends = told[v, :6] + told[u, 6:12] + pair[v, u][6:]
            assert said.pointers[v, u] == pytest.approx(dense(model.pointed, np.maximum(ends, 0))[0], abs=1e-4)


@pytest.mark.parametrize("history", ["kept", "gated", "forgotten"])
def test_only_a_network_without_history_says_the_same_whatever_it_remembers(history):
    first, second = (STEP(net(history), PROBLEM, STATE, jnp.full((5, 6), x))[1].pointers for x in (0.0, 1.0))
    assert np.allclose(first, second) == (history == "forgotten")


@pytest.mark.parametrize(("bias", "left"), [(-50.0, 0.0), (50.0, 1.0)])
def test_a_shut_gate_forgets_and_an_open_one_keeps(bias, left):
    gated, memory = net("gated"), jnp.ones((5, 6))
    gated = eqx.tree_at(lambda m: (m.gate.weight, m.gate.bias), gated, (jnp.zeros((12, 6)), jnp.full(6, bias)))
    kept = eqx.tree_at(lambda m: m.gate, gated, None)
    said = STEP(gated, PROBLEM, STATE, memory)[1]
    assert np.allclose(said.pointers, STEP(kept, PROBLEM, STATE, left * memory)[1].pointers, atol=1e-5)
    assert np.allclose(said.gate, left)


def test_nodes_may_be_renumbered():
    model, order = net(), np.random.default_rng(1).permutation(5)
    renamed = type(PROBLEM)(PROBLEM.nodes[order], PROBLEM.edges[order][:, order])
    pointers = np.argsort(order)[np.asarray(STATE.pointers)[order]]
    state = STATE._replace(pointers=pointers, masks=STATE.masks[order], numbers=STATE.numbers[order])
    plain, other = (STEP(model, p, s, jnp.zeros((5, 6)))[1] for p, s in ((PROBLEM, STATE), (renamed, state)))
    assert np.allclose(other.pointers, np.asarray(plain.pointers)[order][:, order], atol=1e-5)
    assert np.allclose(other.masks, np.asarray(plain.masks)[order], atol=1e-5)


@pytest.mark.parametrize("soft", [False, True])
def test_a_run_goes_on_from_what_was_predicted(soft):
    model = net(soft=soft)
    first = jax.tree.map(lambda x: x[:, 0], STATES)
    state, memory = first, jnp.zeros((3, 5, 6))
    for _ in range(4):
        memory, said = STEPS(model, PROBLEMS, state, memory)
        likely = jax.nn.softmax(said.pointers), jax.nn.sigmoid(said.masks)
        sure = said.pointers.argmax(-1), 1.0 * (said.masks > 0)
        state = state._replace(pointers=(likely if soft else sure)[0], masks=(likely if soft else sure)[1])
    found = jax.jit(model.__call__, static_argnums=2)(PROBLEMS, first, 4)
    assert np.array_equal(found.pointers, sure[0])
    assert np.array_equal(found.masks, sure[1])


def test_a_mask_that_marks_one_node_is_shared_out_among_all_or_marks_the_likeliest():
    task = Minimum(4, (5,))
    said = Said(jnp.zeros((4, 4)), jnp.array([[0.0, 3.0], [1.0, 2.0], [2.0, 1.0], [3.0, 0.0]]), jnp.zeros((4, 0)), 0.0)
    soft, hard = (MessagePassing(4, soft=s).build(jax.random.key(1), task.shape).passed(said) for s in (True, False))
    assert np.allclose(soft.masks.sum(0), 1.0)
    assert np.allclose(soft.masks[1:, 0] / soft.masks[:-1, 0], np.e, rtol=1e-4)
    assert hard.masks.T.tolist() == [[0, 0, 0, 1], [1, 0, 0, 0]]


def test_what_cannot_learn_is_said():
    with pytest.raises(HeldoutError, match="neither history nor hints"):
        MessagePassing(8, "forgotten", hints=False)
    with pytest.raises(HeldoutError, match="no history is 'some'"):
        MessagePassing(8, "some")  # pyright: ignore[reportArgumentType]
