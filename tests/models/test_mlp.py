import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.linear import Linear
from heldout.models.mlp import MLP


def test_the_linear_model_is_an_affine_map_of_the_flat_input():
    model = Linear().build(jax.random.key(0), (3, 4), 2)
    x = jax.random.normal(jax.random.key(1), (5, 3, 4))
    assert np.allclose(model(x), x.reshape(5, 12) @ model.layer.weight + model.layer.bias, atol=1e-5)


def test_the_perceptron_is_layers_with_rectifiers_between():
    model = MLP(7, 2).build(jax.random.key(0), (6,), 3)
    assert [layer.weight.shape for layer in model.layers] == [(6, 7), (7, 7), (7, 3)]
    x = jax.random.normal(jax.random.key(1), (5, 6))
    hidden = x
    for layer in model.layers[:-1]:
        hidden = jnp.maximum(hidden @ layer.weight + layer.bias, 0)
    assert np.allclose(model(x), hidden @ model.layers[-1].weight + model.layers[-1].bias, atol=1e-5)


def test_weights_start_with_he_variance():
    model = MLP(200, 2).build(jax.random.key(0), (400,), 10)
    for layer in model.layers[:2]:
        assert layer.weight.std() == pytest.approx(np.sqrt(2 / layer.weight.shape[0]), rel=0.03)
        assert (layer.bias == 0).all()
