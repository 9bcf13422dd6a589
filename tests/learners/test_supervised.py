from dataclasses import dataclass, replace
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from heldout.core import IID, TRAIN, HeldoutError, Learner, Split, digest
from heldout.learners.augmix import AugMix
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised, divergence, loss
from heldout.models.cnn import CNN
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.tasks.interfaces import Batch

KEY = jax.random.key(0)


@dataclass(frozen=True)
class Plane:
    """Regression: a linear function of four numbers."""

    name: ClassVar[str] = "plane"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (4,)
    outputs: ClassVar[int] = 2
    loss: ClassVar[str] = "squared error"

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Exact values of the function."""
        x = jax.random.normal(key, (n, 4))
        return Batch(x, jnp.stack([x @ jnp.array([1.0, -2.0, 0.5, 0.0]), 0.3 + x[:, 3]], -1))


@dataclass(frozen=True)
class Signs:
    """Sequences: whether each of five numbers is positive; the last one is never asked."""

    name: ClassVar[str] = "signs"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (5,)
    outputs: ClassVar[int] = 2
    loss: ClassVar[str] = "cross entropy"

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Labels of the last position are wrong, and weigh nothing."""
        x = jax.random.normal(key, (n, 5))
        weights = jnp.ones((n, 5)).at[:, -1].set(0.0)
        return Batch(x, (x > 0).astype(jnp.int32).at[:, -1].set(0), weights)


@dataclass(frozen=True)
class Positionwise:
    """One affine map from a number to two classes, at every position."""

    name: ClassVar[str] = "positionwise"

    def build(self, key: Any, inputs: tuple[int, ...], outputs: int) -> Any:
        """A model of sequences."""

        class Model(eqx.Module):
            weight: Any

            def __call__(self, x: Any) -> Any:
                return x[..., None] * self.weight

        return Model(jax.random.normal(key, (outputs,)) * 0.1)


@dataclass(frozen=True)
class Bars:
    """Classification of images: is the bar upright?"""

    name: ClassVar[str] = "bars"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (8, 8)
    outputs: ClassVar[int] = 2
    loss: ClassVar[str] = "cross entropy"

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Bars at random places."""
        place, kind = jax.random.split(key)
        at, upright = jax.random.randint(place, (n,), 2, 6), jax.random.bernoulli(kind, 0.5, (n,))
        rows = jax.nn.one_hot(at, 8)[:, :, None] * jnp.ones((n, 8, 8))
        return Batch(jnp.where(upright[:, None, None], rows.transpose(0, 2, 1), rows), upright.astype(jnp.int32))


def trained(learner, task, until=None):
    state = learner.start(task, KEY)
    advance = jax.jit(lambda s, u: learner.advance(task, s, u))
    return advance(state, learner.steps if until is None else until)


def test_it_is_a_learner():
    assert isinstance(Supervised(Linear(), 10), Learner)


def test_regression_finds_the_plane():
    learner = Supervised(Linear(), 600, optimiser=AdamW(0.05, decay=0.0, schedule="cosine"))
    model = learner.model(Plane(), trained(learner, Plane()))
    assert np.allclose(model.layer.weight.T, [[1, -2, 0.5, 0], [0, 0, 0, 1]], atol=0.01)
    assert np.allclose(model.layer.bias, [0, 0.3], atol=0.01)


def test_sequences_are_learnt_where_they_are_asked():
    learner = Supervised(Positionwise(), 200, optimiser=AdamW(0.1))
    model = learner.model(Signs(), trained(learner, Signs()))
    batch = Signs().draw(IID, KEY, 200)
    assert (model(batch.inputs).argmax(-1) == batch.targets)[:, :-1].mean() > 0.98


@pytest.mark.parametrize("augmentation", [None, AugMix(severity=1.0)])
def test_images_are_classified(augmentation):
    learner = Supervised(CNN((4,), (2,)), 150, 32, AdamW(0.02), augmentation)
    model = eqx.filter_jit(learner.model(Bars(), trained(learner, Bars())))
    batch = Bars().draw(IID, jax.random.key(9), 300)
    assert (model(batch.inputs).argmax(-1) == batch.targets).mean() > 0.97


def test_advancing_in_two_parts_is_advancing_at_once():
    learner = Supervised(MLP(8, 1), 40)
    whole = trained(learner, Plane())
    part = trained(learner, Plane(), 13)
    again = jax.jit(lambda s: learner.advance(Plane(), s, 40))(part)
    for one, two in zip(jax.tree.leaves(whole.model), jax.tree.leaves(again.model), strict=True):
        assert np.allclose(one, two, atol=1e-6)
    assert int(again.step) == 40


def test_one_update_is_optaxs():
    learner = Supervised(Linear(), 10, 16, AdamW(0.01, decay=0.1))
    state = learner.start(Plane(), KEY)
    batch = Plane().draw(TRAIN, jax.random.fold_in(state.key, 0), 16)

    def squared(model):
        return ((model(batch.inputs) - batch.targets) ** 2).mean(-1).mean()

    theirs = optax.adamw(0.01, weight_decay=0.1)
    changes, _ = theirs.update(jax.grad(squared)(state.model), theirs.init(state.model), state.model)
    expected = optax.apply_updates(state.model, changes)
    found = learner.advance(Plane(), state, 1).model
    assert np.allclose(found.layer.weight, expected.layer.weight, atol=1e-6)


def test_learners_that_differ_see_the_same_batches():
    small, large = (Supervised(MLP(w), 10).start(Plane(), KEY) for w in (4, 8))
    assert np.array_equal(jax.random.key_data(small.key), jax.random.key_data(large.key))


def test_divergence_is_jensen_and_shannons():
    outputs = jax.random.normal(KEY, (3, 5, 4))
    p = np.exp(np.asarray(jax.nn.log_softmax(outputs)))
    entropy = lambda q: -(q * np.log(q)).sum(-1)  # noqa: E731
    assert divergence(outputs) == pytest.approx((entropy(p.mean(0)) - entropy(p).mean(0)).mean(), rel=1e-3)
    assert divergence(outputs[:1].repeat(3, 0)) == pytest.approx(0, abs=1e-6)


def test_cross_entropy_is_optaxs():
    outputs, targets = jax.random.normal(KEY, (6, 3, 4)), jnp.arange(18).reshape(6, 3) % 4
    theirs = optax.softmax_cross_entropy_with_integer_labels(outputs, targets).mean()
    assert loss("cross entropy", outputs, Batch(outputs, targets)) == pytest.approx(float(theirs), rel=1e-5)


def test_a_model_of_the_wrong_shape_is_named():
    with pytest.raises(HeldoutError, match="outputs of shape"):
        loss("squared error", jnp.zeros((4, 1)), Batch(None, jnp.zeros((4, 2))))
    with pytest.raises(HeldoutError, match="cross entropy"):
        loss("hinge", jnp.zeros((4, 1)), Batch(None, jnp.zeros((4, 1))))


def test_a_label_is_another_name_and_nothing_else():
    learner = Supervised(CNN(), 10, augmentation=AugMix())
    assert learner.name == "CNN 8-16-16 + AugMix"
    named = replace(learner, label="ours")
    assert named.name == "ours"
    assert named == learner
    assert digest(named) == digest(learner)


def test_rates_rise_and_fall_as_scheduled():
    steps = 50
    optimiser = AdamW(0.1, decay=0.0, schedule="cosine", warmup=10).build(steps)
    state, moved = optimiser.init(jnp.zeros(1)), []
    for _ in range(steps + 1):
        change, state = optimiser.update(jnp.ones(1), state, jnp.zeros(1))
        moved.append(-float(change[0]))
    assert moved[0] == pytest.approx(0, abs=1e-7)
    assert moved[10] == pytest.approx(0.1, rel=1e-3)
    assert moved[30] == pytest.approx(0.05, rel=1e-2)
    assert moved[50] == pytest.approx(0, abs=1e-6)
