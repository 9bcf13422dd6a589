"""Gates against NumPy, position by position."""

import jax
import numpy as np

from heldout.models.lstm import LSTM

INPUTS = np.random.default_rng(0).normal(size=(3, 7, 4)).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_gates_add_keep_and_show():
    model = LSTM(5).build(jax.random.key(0), (7, 4), 2)
    shown = cell = np.zeros((3, 5))
    wanted = []
    for t in range(7):
        gates = INPUTS[:, t] @ model.read.weight + model.read.bias + shown @ np.asarray(model.again)
        add, keep, new, show = (gates[:, 5 * i : 5 * i + 5] for i in range(4))
        cell = sigmoid(keep) * cell + sigmoid(add) * np.tanh(new)
        shown = sigmoid(show) * np.tanh(cell)
        wanted.append(shown @ model.head.weight + model.head.bias)
    assert np.allclose(model(INPUTS), np.stack(wanted, 1), atol=1e-5)


def test_forget_gates_start_open():
    bias = np.asarray(LSTM(6).build(jax.random.key(0), (7, 4), 2).read.bias)
    assert (bias[6:12] == 1).all()
    assert (np.delete(bias, range(6, 12)) == 0).all()
