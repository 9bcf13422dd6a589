from dataclasses import dataclass
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.metrics import log_loss

from heldout.core import IID, TRAIN, Learner, Split
from heldout.learners.auxiliary import Auxiliary, told
from heldout.learners.optimiser import SGD
from heldout.learners.supervised import Supervised
from heldout.tasks.interfaces import Batch

KEY = jax.random.key(0)


@dataclass(frozen=True)
class Signs:
    """Inputs of three normal numbers: the class is the sign of the first, the one bit that of the second."""

    name: ClassVar[str] = "signs"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (3,)
    outputs: ClassVar[int] = 2
    loss: ClassVar[str] = "cross entropy"

    def explained(self, split: Split, key: Any, n: int) -> tuple[Batch, Any]:
        """A batch with its bits."""
        x = jax.random.normal(key, (n, 3))
        return Batch(x, (x[:, 0] > 0).astype(jnp.int32)), (x[:, 1:2] > 0).astype(jnp.float32)

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """A batch."""
        return self.explained(split, key, n)[0]


class Both(eqx.Module):
    """Two linear maps."""

    outputs: Any
    bits: Any

    def __call__(self, x: Any) -> Any:
        return x @ self.outputs

    def explain(self, x: Any) -> tuple[Any, Any]:
        return x @ self.outputs, x @ self.bits


@dataclass(frozen=True)
class Linears:
    """Starts at small numbers."""

    name: ClassVar[str] = "linears"

    def build(self, key: Any, inputs: tuple[int, ...], outputs: int) -> Both:
        """A model."""
        numbers = 0.1 * jax.random.normal(key, (3, outputs + 1))
        return Both(numbers[:, :outputs], numbers[:, outputs:])


def trained(learner, steps):
    task = Signs()
    return learner.model(task, learner.advance(task, learner.start(task, KEY), steps))


PLAIN = Supervised(Linears(), 20, 64, SGD(0.5, 0.0))


def test_the_loss_of_bits_is_scikit_learn_s():
    logits, meta = np.random.default_rng(0).normal(size=(2, 40, 3))
    meta = (meta > 0).astype(float)
    expected = np.mean([log_loss(meta[:, b], 1 / (1 + np.exp(-logits[:, b]))) for b in range(3)])
    assert float(told(jnp.asarray(logits), jnp.asarray(meta))) == pytest.approx(expected, rel=1e-5)
    weights = np.arange(40) % 3
    each = log_loss(meta.ravel(), 1 / (1 + np.exp(-logits.ravel())), sample_weight=np.repeat(weights, 3))
    assert float(told(jnp.asarray(logits), jnp.asarray(meta), jnp.asarray(weights))) == pytest.approx(each, rel=1e-5)


def test_with_beta_0_it_is_supervised_learning_to_the_last_bit():
    one, other = trained(PLAIN, 20), trained(Auxiliary(PLAIN, 0.0), 20)
    assert jnp.array_equal(one.outputs, other.outputs)
    assert jnp.array_equal(other.bits, PLAIN.start(Signs(), KEY).model.bits)


def test_a_step_on_bits_is_beta_times_the_gradient_of_logistic_regression():
    first = PLAIN.start(Signs(), KEY)
    batch, meta = Signs().explained(TRAIN, jax.random.fold_in(first.key, 0), 64)
    x, before = np.asarray(batch.inputs), np.asarray(first.model.bits)
    slope = x.T @ (1 / (1 + np.exp(-x @ before)) - np.asarray(meta)) / 64
    after = trained(Auxiliary(PLAIN, 10.0), 1)
    assert np.asarray(after.bits) == pytest.approx(before - 0.5 * 10.0 * slope, abs=1e-5)
    assert jnp.allclose(after.outputs, trained(PLAIN, 1).outputs, atol=1e-6)


def test_it_learns_both_and_is_a_learner():
    learner = Auxiliary(PLAIN, 1.0)
    assert isinstance(learner, Learner)
    assert learner.name == "linears, beta 1"
    batch, meta = Signs().explained(IID, jax.random.key(5), 500)
    outputs, logits = trained(learner, 20).explain(batch.inputs)
    assert (outputs.argmax(-1) == batch.targets).mean() > 0.9
    assert ((logits > 0) == (meta > 0.5)).mean() > 0.9
