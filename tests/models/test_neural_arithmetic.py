import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.neural_arithmetic import LAYERS, Arithmetic, Layer, NeuralArithmetic, spread

FAR = 30.0
"""Far enough for tanh and sigmoid to be 1."""
X = np.random.default_rng(0).uniform(1.0, 6.0, (20, 4)).astype(np.float32)
SUMS = np.array([[1, 0], [1, 1], [0, 1], [0, 0]], np.float32)


def settled(weight):
    """Parts of a NAC whose product is a weight of -1, 0 and 1."""
    return jnp.asarray(FAR * np.sign(weight)), jnp.asarray(FAR * (2 * np.abs(weight) - 1))


def adder(weight):
    return Layer(settled(np.asarray(weight, np.float32)), "NAC+")


def test_accumulators_add_and_subtract_exactly():
    model = Arithmetic(adder(SUMS), adder([[1], [-1]]))
    a, b = (X @ SUMS).T
    assert np.allclose(model(X)[:, 0], a - b, atol=1e-5)


@pytest.mark.parametrize(("powers", "wanted"), [([[1], [1]], np.multiply), ([[1], [-1]], np.divide)])
def test_products_and_quotients_are_weights_of_logarithms(powers, wanted):
    model = Arithmetic(adder(SUMS), Layer(settled(np.asarray(powers, np.float32)), "NAC*"))
    a, b = (X @ SUMS).T
    assert np.allclose(model(X)[:, 0], wanted(a, b), rtol=1e-5)


@pytest.mark.parametrize(("gate", "wanted"), [(1.0, np.add), (-1.0, np.multiply)])
def test_the_gate_of_a_nalu_chooses_between_sum_and_product_of_the_same_weights(gate, wanted):
    both = np.ones((2, 1), np.float32)
    model = Arithmetic(adder(SUMS), Layer((*settled(both), jnp.full((2, 1), gate * FAR)), "NALU"))
    a, b = (X @ SUMS).T
    assert np.allclose(model(X)[:, 0], wanted(a, b), rtol=1e-5)


def test_a_nalu_is_the_formula_of_its_authors():
    rng = np.random.default_rng(1)
    w, m, g = rng.normal(0, 1, (3, 4, 3)).astype(np.float32)
    x = X - 3.5  # both signs
    weight = np.tanh(w) / (1 + np.exp(-m))
    share = 1 / (1 + np.exp(-x @ g))
    wanted = share * (x @ weight) + (1 - share) * np.exp(np.log(np.abs(x) + 1e-7) @ weight)
    assert np.allclose(Layer((w, m, g), "NALU")(x), wanted, rtol=1e-4, atol=1e-5)


def test_a_multiplication_unit_takes_or_leaves_each_factor():
    weight = jnp.asarray([[1.0], [0.0], [0.5], [7.0]])  # the last is cut at 1
    wanted = X[:, 0] * (0.5 * X[:, 2] + 0.5) * X[:, 3]
    assert np.allclose(Layer((weight,), "NMU")(X)[:, 0], wanted, rtol=1e-5)
    assert np.allclose(Layer((weight - 3.0,), "NAU")(X)[:, 0], X @ np.array([-1, -1, -1, 1.0]), rtol=1e-5)


@pytest.mark.parametrize("unit", LAYERS)
def test_every_unit_starts_as_its_layers_do(unit):
    model = jax.jit(lambda: NeuralArithmetic(unit).build(jax.random.key(0), (10,), 1))()
    assert (model.first.unit, model.second.unit) == LAYERS[unit]
    assert model.first.weight.shape == (10, 2)
    assert model(jnp.ones((5, 10))).shape == (5, 1)
    reach = {"NMU": 0.25, "NAU": 0.5}.get(model.second.unit, spread(2, 1))
    middle = 0.5 if model.second.unit == "NMU" else 0.0
    assert max(float(abs(part - middle).max()) for part in model.second.arrays[:2]) <= reach


def test_the_parts_of_a_nac_are_spread_so_that_weights_have_the_variance_of_glorot():
    r = spread(100, 2)
    w, m = np.random.default_rng(0).uniform(-r, r, (2, 1_000_000))
    assert (np.tanh(w) / (1 + np.exp(-m))).var() == pytest.approx(2 / 102, rel=0.01)
    assert spread(1, 1) == spread(2, 3)  # narrow layers count as five wide


def test_what_cannot_be_is_said_in_one_line():
    with pytest.raises(HeldoutError, match="no unit 'NAC'"):
        NeuralArithmetic("NAC")  # pyright: ignore[reportArgumentType]
    with pytest.raises(HeldoutError, match=r"rows of numbers, and got inputs of shape \(8, 8\)"):
        NeuralArithmetic().build(jax.random.key(0), (8, 8), 1)
