from dataclasses import dataclass
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import IID, TRAIN, Learner, Split
from heldout.learners.optimiser import SGD, AdamW
from heldout.learners.sam import SAM, uphill
from heldout.learners.supervised import Supervised
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.tasks.interfaces import Batch

KEY = jax.random.key(0)
CURVES = np.array([3.0, 0.5, 1.0])


@dataclass(frozen=True)
class Bowl:
    """A quadratic in three weights: the mean squared error of x * w for inputs whose squares have the means `CURVES` / 2."""

    name: ClassVar[str] = "bowl"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (3,)
    outputs: ClassVar[int] = 3
    loss: ClassVar[str] = "squared error"

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Always the same inputs, and nothing to reach."""
        x = jnp.sqrt(jnp.asarray(CURVES, jnp.float32) * 1.5)
        return Batch(jnp.tile(x, (n, 1)), jnp.zeros((n, 3)))


class Scales(eqx.Module):
    """One factor for each input."""

    factors: Any

    def __call__(self, x: Any) -> Any:
        return x * self.factors


@dataclass(frozen=True)
class Factors:
    """Starts at 1, 2, -1."""

    name: ClassVar[str] = "factors"

    def build(self, key: Any, inputs: tuple[int, ...], outputs: int) -> Any:
        """A model."""
        return Scales(jnp.array([1.0, 2.0, -1.0]))


def test_its_step_on_a_quadratic_is_the_closed_form():
    """Of the loss w' A w / 2 the gradient is A w, and SAM's step is -rate A (w + radius A w / |A w|)."""
    learner = SAM(Supervised(Factors(), 5, 4, SGD(0.1, 0.0)), radius=0.3)
    w = np.array([1.0, 2.0, -1.0])
    state = learner.start(Bowl(), KEY)
    advance = jax.jit(lambda s, until: learner.advance(Bowl(), s, until))
    for step in range(1, 4):
        state = advance(state, step)
        gradient = CURVES * w
        w = w - 0.1 * CURVES * (w + 0.3 * gradient / np.linalg.norm(gradient))
        assert state.model.factors == pytest.approx(w, abs=1e-5)


def test_uphill_is_the_radius_away_in_the_direction_of_the_gradient():
    model, gradient = {"a": jnp.ones(3), "b": jnp.zeros((2, 2))}, {"a": jnp.array([1.0, 0, 0]), "b": jnp.ones((2, 2))}
    moved = jax.tree.map(jnp.subtract, uphill(model, gradient, 0.2), model)
    both = np.concatenate([np.ravel(x) for x in jax.tree.leaves(moved)])
    assert np.linalg.norm(both) == pytest.approx(0.2, rel=1e-5)
    assert both / 0.2 == pytest.approx(np.array([1, 0, 0, 1, 1, 1, 1]) / np.sqrt(5), rel=1e-4)
    still = jax.tree.map(jnp.zeros_like, model)
    assert uphill(model, still, 0.2)["a"] == pytest.approx(model["a"])


def test_without_a_radius_it_is_the_learner():
    plain = Supervised(MLP(4, 1), 30, 8, AdamW(0.01))
    models = [
        jax.jit(lambda x=x: x.advance(Bowl(), x.start(Bowl(), KEY), 30).model)() for x in (plain, SAM(plain, 0.0))
    ]
    for one, two in zip(*map(jax.tree.leaves, models), strict=True):
        assert np.allclose(one, two, atol=1e-6)


def test_it_is_a_learner_that_can_be_halted():
    learner = SAM(Supervised(Linear(), 20))
    assert isinstance(learner, Learner)
    assert learner.name == "linear + SAM"
    advance = jax.jit(lambda s, until: learner.advance(Bowl(), s, until))
    start = learner.start(Bowl(), KEY)
    parts, whole = advance(advance(start, 7), 20), advance(start, 20)
    assert np.allclose(parts.model.layer.weight, whole.model.layer.weight, atol=1e-6)
    assert int(parts.step) == 20
