import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import TRAIN, Snapshot
from heldout.learners.supervised import loss
from heldout.models.mlp import MLP
from heldout.probes.sharpness import largest, sharpness
from heldout.tasks.vision.noisy_digits import NoisyDigits


def test_it_is_the_largest_eigenvalue_of_the_dense_hessian():
    task, key = NoisyDigits(0.0), jax.random.key(1)
    model = MLP(2, 1).build(jax.random.key(0), task.inputs, task.outputs)
    batch = task.draw(TRAIN, jax.random.split(key)[0], 50)
    flat, rebuilt = jax.flatten_util.ravel_pytree(model)

    def of_flat(weights):
        return loss(task.loss, rebuilt(weights)(batch.inputs), batch)

    hessian = np.asarray(jax.jit(jax.jacrev(jax.grad(of_flat)))(flat))
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    found = jax.jit(lambda: sharpness(Snapshot(task, None, None, model, 0), TRAIN, key, 50))()
    assert float(found["eigenvalue"]) == pytest.approx(values[np.abs(values).argmax()], rel=0.01)


def test_on_a_quadratic_it_is_the_largest_in_size():
    matrix = np.diag([1.0, -5.0, 3.0])
    turned = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    matrix = jnp.asarray(turned @ matrix @ turned.T)
    found = jax.jit(lambda w: largest(lambda x: {"w": matrix @ x["w"]}, {"w": w}, jax.random.key(0)))(jnp.ones(3))
    assert float(found) == pytest.approx(-5, rel=1e-3)
