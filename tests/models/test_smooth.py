import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.models.mlp import MLP
from heldout.models.smooth import SmoothMLP, smelu


def test_smelu_is_the_published_piecewise_function():
    x = np.linspace(-3, 3, 601)
    for beta in (0.25, 1.0, 2.0):
        expected = np.where(x <= -beta, 0.0, np.where(x >= beta, x, (x + beta) ** 2 / (4 * beta)))
        assert smelu(jnp.asarray(x), beta) == pytest.approx(expected, abs=1e-5)


def test_its_slope_is_continuous_and_rises_in_a_line_from_0_to_1():
    slope = jax.vmap(jax.grad(lambda x: smelu(x, 0.5)))
    assert slope(jnp.array([-2.0, -0.51, -0.25, 0.0, 0.25, 0.51, 2.0])) == pytest.approx([0, 0, 0.25, 0.5, 0.75, 1, 1])


def test_a_narrow_bend_is_the_rectifier_on_the_same_weights():
    smooth = SmoothMLP(7, 2, beta=1e-6).build(jax.random.key(0), (6,), 3)
    plain = MLP(7, 2).build(jax.random.key(0), (6,), 3)
    x = jax.random.normal(jax.random.key(1), (5, 6))
    assert np.allclose(smooth(x), plain(x), atol=1e-4)


@pytest.mark.parametrize("kind", ["gelu", "swish", "softplus"])
def test_other_activations_stand_between_the_layers(kind):
    model = SmoothMLP(7, 1, kind).build(jax.random.key(0), (6,), 3)
    x = jax.random.normal(jax.random.key(1), (5, 6))
    hidden = getattr(jax.nn, kind)(x @ model.layers[0].weight + model.layers[0].bias)
    assert np.allclose(model(x), hidden @ model.layers[1].weight, atol=1e-4)


def test_what_is_no_activation_is_named():
    with pytest.raises(HeldoutError, match="no activation is called 'relu'"):
        SmoothMLP(activation="relu")  # pyright: ignore[reportArgumentType]
    with pytest.raises(HeldoutError, match="positive beta"):
        SmoothMLP(beta=0.0)
