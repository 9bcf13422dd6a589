from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import IID, TRAIN
from heldout.learners.domains.coded import Coded, Tucker, bits, of_code, tucker
from heldout.learners.optimiser import SGD
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.tasks.domains import of_each
from heldout.tasks.interfaces import Batch

KEY = jax.random.key(0)


@dataclass(frozen=True)
class Lines:
    """Regression in three domains: y = x[0] + slope * x[1], with slopes of -1, 0 and 1 by domain."""

    name: ClassVar[str] = "lines"
    splits: ClassVar = (TRAIN, IID)
    inputs: ClassVar = (2,)
    outputs: ClassVar[int] = 1
    loss: ClassVar[str] = "squared error"
    domains: ClassVar = ("a", "b", "c")

    def draw_domain(self, domain, key, n):
        """Of one domain."""
        x = jax.random.normal(key, (n, 2))
        return Batch(x, x[:, :1] + (domain - 1.0) * x[:, 1:])


TASK = Lines()


def run(learner, steps):
    state = jax.jit(lambda: learner.start(TASK, KEY))()
    return state, jax.jit(lambda s: learner.advance(TASK, s, steps))(state)


def test_a_decomposition_of_full_rank_is_the_tensor_and_its_contraction_that_of_the_tensor():
    tensor = jnp.asarray(np.random.default_rng(0).normal(size=(4, 6, 5)), jnp.float32)
    whole, code = tucker(tensor, (4, 6, 5)), jnp.array([0.0, 1.0, 0.0, 1.0])
    assert np.allclose(np.einsum("abc,da,ib,jc->dij", whole.core, *whole.factors), tensor, atol=1e-5)
    assert np.allclose(of_code(whole, code), tensor[1] + tensor[3], atol=1e-5)
    assert np.allclose(of_code(tensor, code), tensor[1] + tensor[3], atol=1e-6)


def test_a_tensor_of_low_rank_loses_nothing_and_another_what_its_unfoldings_allow():
    rng = np.random.default_rng(1)
    core, factors = rng.normal(size=(2, 3, 2)), [rng.normal(size=s) for s in ((4, 2), (6, 3), (5, 2))]
    tensor = jnp.asarray(np.einsum("abc,da,ib,jc->dij", core, *factors), jnp.float32)
    cut = tucker(tensor, (2, 3, 2))
    assert np.allclose(np.einsum("abc,da,ib,jc->dij", cut.core, *cut.factors), tensor, atol=1e-4)
    noisy = np.asarray(tensor) + rng.normal(size=(4, 6, 5))
    cut = tucker(jnp.asarray(noisy, jnp.float32), (2, 3, 2))
    lost = np.sum((np.einsum("abc,da,ib,jc->dij", cut.core, *cut.factors) - noisy) ** 2)
    tails = [
        np.sum(np.linalg.svd(np.moveaxis(noisy, axis, 0).reshape(size, -1), compute_uv=False)[rank:] ** 2)
        for axis, (size, rank) in enumerate(((4, 2), (6, 3), (5, 2)))
    ]
    assert max(tails) - 1e-3 <= lost <= sum(tails) + 1e-3  # De Lathauwer et al., property 10


def test_codes_have_a_bit_of_their_own_and_the_one_that_all_share():
    assert np.array_equal(bits(2), [[1, 0, 1], [0, 1, 1]])


@pytest.mark.parametrize("ranks", [None, (4, 2, 1)])
def test_the_first_update_is_that_of_each_domains_loss_at_shared_and_own_weights(ranks):
    learner = Coded(Linear(), 1, 16, SGD(0.1, 0.0), ranks)
    before, after = run(learner, 1)
    batch = of_each(TASK, jax.random.fold_in(before.key, 0), 16)
    x, y = np.asarray(batch.inputs), np.asarray(batch.targets)
    if ranks is None:
        tensor = np.asarray(before.model[0])
        gradient = [
            2 * a.T @ (a @ (tensor[d] + tensor[3]) - b) / 16 / 3 for d, (a, b) in enumerate(zip(x, y, strict=True))
        ]
        wanted = tensor - 0.1 * np.stack([*gradient, sum(gradient)])
        assert np.allclose(after.model[0], wanted, atol=1e-5)
    else:
        assert isinstance(before.model[0], Tucker)


def test_domains_keep_their_own_slopes_and_the_network_of_none_has_what_they_share():
    learner = Coded(Linear(), 600, 32, SGD(0.1, 0.0))
    _, state = run(learner, 600)
    own = np.asarray(state.model[0][:3] + state.model[0][3])[..., 0]
    assert np.allclose(own, [[1, -1], [1, 0], [1, 1]], atol=0.05)
    assert abs(float(learner.model(TASK, state).layer.weight[1, 0])) < 0.5


def test_low_rank_has_fewer_weights():
    shapes = [
        jax.eval_shape(lambda one=Coded(MLP(24, 1), 8, 4, SGD(0.1, 0.0), ranks): one.start(TASK, KEY)).model
        for ranks in ((2, 2, 2), None)
    ]
    small, full = (sum(x.size for x in jax.tree.leaves(shape)) for shape in shapes)
    assert small < full


def test_training_can_be_halted():
    learner = Coded(Linear(), 8, 4, SGD(0.1, 0.0), (2, 2, 1))
    advance = jax.jit(lambda s, u: learner.advance(TASK, s, u))
    first = jax.jit(lambda: learner.start(TASK, KEY))()
    for a, b in zip(
        *(jax.tree.leaves(s.model) for s in (advance(first, 8), advance(advance(first, 3), 8))), strict=True
    ):
        assert np.allclose(a, b, atol=1e-5)
