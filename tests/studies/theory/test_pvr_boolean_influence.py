import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.cell import Cell
from heldout.measures import Rows, evaluate
from heldout.models.mlp import MLP
from heldout.studies.theory.pvr_boolean_influence import (
    WEIGHTS,
    PlaceTransformer,
    Scaled,
    linear,
    loss,
    mlp,
    parity,
    pointer,
    study,
    total,
    value,
)
from heldout.tasks.formal.boolean import stability

KEY = jax.random.key(0)


def test_influences_are_those_that_counting_gives():
    assert [t.influence for t in (pointer, value, parity)] == pytest.approx([0.5, 3 / 16, 3 / 8])
    assert total.influence == pytest.approx(WEIGHTS[0] ** 2)


def test_parity_is_the_less_stable_function_at_every_noise():
    for rho in (0.2, 0.5, 0.8, 0.95):
        assert stability(parity.function.values(), rho) < stability(value.function.values(), rho)


def test_the_loss_is_half_the_squared_error_on_both_halves():
    cell = Cell(value, mlp).digest
    rows = [(cell, "score", 0, split.name, 1500, v) for split, v in zip(value.splits[1:], (0.99, 0.8), strict=True)]
    names = ("cell", "probe", "seed", "split", "step", "value")
    found = evaluate(
        loss(value, mlp), Rows({n: np.array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)}, {})
    )
    assert found.values == pytest.approx([0.5 * (0.5 * 4 * 0.01 + 0.5 * 4 * 0.2)])


def test_a_linear_model_that_starts_from_zeros_shares_the_place_between_weight_and_bias():
    state = jax.jit(lambda key: linear.advance(total, linear.start(total, key), linear.steps))(KEY)
    layer = linear.model(total, state).layer
    assert layer.weight[1:, 0] == pytest.approx(WEIGHTS[1:], abs=1e-3)
    assert (float(layer.weight[0, 0]), float(layer.bias[0])) == pytest.approx([WEIGHTS[0] / 2] * 2, abs=1e-3)


def test_scaled_models_start_so_many_times_smaller():
    plain, small = (a.build(KEY, (11,), 1) for a in (MLP(8, 2), Scaled(MLP(8, 2), 0.5)))
    x = jax.random.normal(KEY, (5, 11))
    assert small(x) == pytest.approx(np.asarray(plain(x)) / 8, abs=1e-6)  # three layers without biases


def test_the_transformer_tells_places_apart():
    model = PlaceTransformer().build(KEY, (11,), 1)
    x = jnp.ones((1, 11))
    assert model(x).shape == (1, 1)
    assert abs(float((model(x.at[0, 2].set(-1.0)) - model(x.at[0, 7].set(-1.0)))[0, 0])) > 1e-4


def test_closeness_is_claimed_of_learners_that_fit():
    assert all(c.conditions() for name, c in study.claims.items() if "perceptron" in name or "transformer" in name)
