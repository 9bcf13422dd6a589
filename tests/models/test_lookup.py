import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.lookup import Lookup


def test_it_is_an_embedding_and_a_perceptron():
    model = jax.jit(lambda: Lookup(5, 7).build(jax.random.key(0), (2, 11), 3))()
    tokens = np.random.default_rng(1).integers(0, 11, (20, 2))
    joined = np.asarray(model.embedding)[tokens].reshape(20, -1)
    hidden = np.maximum(joined @ np.asarray(model.hidden.weight) + model.hidden.bias, 0)
    wanted = hidden @ np.asarray(model.output.weight) + model.output.bias
    assert np.allclose(jax.jit(lambda m, x: m(x))(model, np.eye(11)[tokens]), wanted, atol=1e-5)


def test_embeddings_start_with_unit_length():
    model = jax.jit(lambda: Lookup(400, 8).build(jax.random.key(0), (2, 97), 3))()
    assert (model.embedding**2).sum(1) == pytest.approx(np.ones(97), abs=0.3)


def test_inputs_that_are_no_tokens_are_said_in_one_line():
    with pytest.raises(HeldoutError, match=r"one-hot inputs of shape \(length, vocabulary\), and got \(8,\)"):
        Lookup().build(jax.random.key(0), (8,), 3)
