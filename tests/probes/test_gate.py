"""The gate's opening, where it is known: sigmoid of the bias of a gate that sees nothing."""

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.split import IID
from heldout.learners.reasoner import Reasoner
from heldout.models.message_passing import MessagePassing
from heldout.probes.gate import gate
from heldout.tasks.formal.traces.paths import BFS

TASK = BFS(4, (5,))


def taken(model):
    found = gate(Snapshot(TASK, Reasoner(MessagePassing(4), 1), None, model, 0), IID, jax.random.key(0), 8)
    return float(found["opening"])


def test_the_opening_is_the_mean_over_units():
    model = MessagePassing(4, "gated").build(jax.random.key(1), TASK.shape)
    bias = jnp.array([-50.0, 50.0, 0.0, 1.0])
    model = eqx.tree_at(lambda m: (m.gate.weight, m.gate.bias), model, (jnp.zeros((8, 4)), bias))
    assert taken(model) == pytest.approx((0.0 + 1.0 + 0.5 + 0.731059) / 4, abs=1e-5)


@pytest.mark.parametrize(("history", "opening"), [("kept", 1.0), ("forgotten", 0.0)])
def test_all_or_nothing_where_there_is_no_gate(history, opening):
    assert taken(MessagePassing(4, history).build(jax.random.key(1), TASK.shape)) == opening


def test_a_model_without_history_is_said():
    with pytest.raises(HeldoutError, match="Algorithm has no history"):
        taken(TASK.oracle())
