"""A recurrent model against NumPy, position by position."""

import equinox as eqx
import jax
import numpy as np
import pytest

from heldout.models.lstm import LSTM
from heldout.models.rnn import RNN

INPUTS = np.random.default_rng(0).normal(size=(3, 7, 4)).astype(np.float32)


@pytest.mark.parametrize(("activation", "function"), [("tanh", np.tanh), ("relu", lambda x: np.maximum(x, 0))])
def test_the_state_is_replaced_at_every_position(activation, function):
    model = RNN(5, activation).build(jax.random.key(0), (7, 4), 2)
    state, wanted = np.zeros((3, 5)), []
    for t in range(7):
        state = function(INPUTS[:, t] @ model.read.weight + model.read.bias + state @ np.asarray(model.again))
        wanted.append(state @ model.head.weight + model.head.bias)
    assert np.allclose(model(INPUTS), np.stack(wanted, 1), atol=1e-5)


@pytest.mark.parametrize("spec", [RNN(6), LSTM(6)])
def test_what_comes_later_changes_nothing_before(spec):
    model = spec.build(jax.random.key(0), (7, 4), 2)
    assert np.allclose(eqx.filter_jit(model)(INPUTS)[:, :4], eqx.filter_jit(model)(INPUTS[:, :4]), atol=1e-6)


def test_names_say_how_wide():
    assert (RNN(32).name, LSTM(64).name) == ("RNN 32", "LSTM 64")
