"""The stack by hand, and the model against NumPy, position by position."""

import jax
import jax.numpy as jnp
import numpy as np

from heldout.models.stack_rnn import StackRNN, moved

INPUTS = np.random.default_rng(0).normal(size=(3, 6, 4)).astype(np.float32)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def test_it_pushes_and_pops():
    stack = jnp.zeros((4, 1, 1))
    push, pop, keep = (jnp.eye(3)[i : i + 1] for i in range(3))
    tops = []
    for value, action in [(1, push), (2, push), (3, keep), (4, push), (0, pop), (0, pop), (0, pop), (0, pop)]:
        stack = moved(stack, jnp.full((1, 1), float(value)), action)
        tops.append(float(stack[0, 0, 0]))
    assert tops == [1, 2, 2, 4, 2, 1, 0, 0]


def test_half_a_push_is_half_a_stack_each():
    before = jnp.asarray([5.0, 7.0, 0.0]).reshape(3, 1, 1)
    found = moved(before, jnp.full((1, 1), 9.0), jnp.asarray([[0.5, 0.0, 0.5]]))
    assert np.allclose(found[:, 0, 0], [7.0, 6.0, 3.5])


def test_each_string_has_a_stack_of_its_own():
    before = jnp.asarray([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1)
    found = moved(before, jnp.zeros((2, 1)), jnp.asarray([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert np.allclose(found[:, :, 0], [[3.0, 2.0], [0.0, 4.0]])


def test_the_model_is_the_network_of_the_paper():
    model = StackRNN(5, cell=2).build(jax.random.key(0), (6, 4), 3)
    say, bias = np.asarray(model.say.weight), np.asarray(model.say.bias)
    wanted = []
    for string in INPUTS:
        state, stack, outputs = np.zeros(5), [np.zeros(2)] * 8, []
        for symbol in string:
            given = symbol @ model.read.weight + model.read.bias + state @ say[:, :5] * bool(outputs)
            state = np.tanh(given + stack[0] @ np.asarray(model.top))
            value, (push, pop, keep) = state @ say[:, 5:7] + bias[5:7], softmax(state @ say[:, 7:] + bias[7:])
            above, below = [value, *stack[:-1]], [*stack[1:], np.zeros(2)]
            stack = [push * a + pop * b + keep * s for a, b, s in zip(above, below, stack, strict=True)]
            outputs.append(state @ model.head.weight + model.head.bias)
        wanted.append(outputs)
    assert np.allclose(model(INPUTS), wanted, atol=1e-5)


def test_the_stack_is_as_deep_as_the_string_is_long():
    model = StackRNN(4).build(jax.random.key(0), (6, 4), 2)
    assert model(np.zeros((1, 50, 4), np.float32)).shape == (1, 50, 2)
