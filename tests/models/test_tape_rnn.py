"""The transformed tape against a tape that is rolled, cell by cell."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.tape_rnn import TapeRNN, moved, share, turn


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def rolled(tape, moves, far):
    """The tape (cells, size) after the five moves, by shares: left brings the next cell to the front."""
    return sum(share * np.roll(tape, by, axis=0) for share, by in zip(moves, (0, -1, 1, -far, far), strict=True))


@pytest.mark.parametrize("cells", [7, 8])
def test_a_move_of_the_transform_is_a_roll_of_the_tape(cells):
    rng = np.random.default_rng(cells)
    tape, moves, far = rng.normal(size=(3, cells, 2)), softmax(rng.normal(size=(3, 5))), np.array([0, 3, 5])
    spectrum = np.fft.rfft(tape, axis=1).transpose(1, 0, 2)
    real, imaginary = moved(
        jnp.asarray(spectrum.real, jnp.float32),
        jnp.asarray(spectrum.imag, jnp.float32),
        jnp.asarray(moves, jnp.float32),
        turn(cells, jnp.asarray(far)),
    )
    found = np.fft.irfft((np.asarray(real) + 1j * np.asarray(imaginary)).transpose(1, 0, 2), cells, axis=1)
    wanted = [rolled(t, m, f) for t, m, f in zip(tape, moves, far, strict=True)]
    assert np.allclose(found, wanted, atol=1e-5)
    here = (np.asarray(share(cells))[:, None, None] * np.asarray(real)).sum(0)
    assert np.allclose(here, [w[0] for w in wanted], atol=1e-5)


@pytest.mark.parametrize("layers", [(), (6, 7)])
def test_the_model_is_the_network_of_the_paper(layers):
    tokens = np.array([[0, 1, 1, 2, 2, 2, 2], [1, 0, 1, 0, 1, 2, 2]])
    inputs = np.eye(3, dtype=np.float32)[tokens]
    model = TapeRNN(5, cell=2, layers=layers).build(jax.random.key(0), (7, 3), 4)
    say, bias = np.asarray(model.say.weight), np.asarray(model.say.bias)
    wanted = []
    for string, length in zip(inputs, (3, 5), strict=True):
        state, tape, outputs = np.zeros(5), np.zeros((7, 2)), []
        for symbol in string:
            given = symbol @ model.read.weight + model.read.bias + state @ say[:, :5]
            state = np.tanh(given + tape[0] @ np.asarray(model.under))
            value = state @ say[:, 10:] + bias[10:]
            for layer in model.write:
                value = np.maximum(value, 0) @ layer.weight + layer.bias
            tape[0] = value
            tape = rolled(tape, softmax(state @ say[:, 5:10] + bias[5:10]), length)
            outputs.append(state @ model.head.weight + model.head.bias)
        wanted.append(outputs)
    assert np.allclose(model(inputs), wanted, atol=1e-4)
