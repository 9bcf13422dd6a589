"""The methods against closed forms, finite differences and hand-made updates, on linear models of three domains."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from heldout.core import IID, TRAIN, Learner, Split
from heldout.learners.averaged import Averaged
from heldout.learners.domains.fish import Fish
from heldout.learners.domains.group_dro import GroupDRO, reweighted
from heldout.learners.domains.irm import IRM, slope, squared_slope
from heldout.learners.domains.risks import risks
from heldout.learners.optimiser import SGD
from heldout.learners.supervised import Supervised, loss
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch

KEY = jax.random.key(0)


@dataclass(frozen=True)
class Planes:
    """Regression in three domains: y is x[0] everywhere, and x[1] is y with another error in each."""

    name: ClassVar[str] = "planes"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    inputs: ClassVar[tuple[int, ...]] = (2,)
    outputs: ClassVar[int] = 1
    loss: ClassVar[str] = "squared error"
    domains: ClassVar[tuple[str, ...]] = ("a", "b", "c")

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Of all domains."""
        which, inner = jax.random.split(key)
        return self.made(jax.random.randint(which, (n,), 0, 3), inner)

    def draw_domain(self, domain: Any, key: Any, n: int) -> Batch:
        """Of one."""
        return self.made(jnp.full(n, domain), key)

    def made(self, domain: Any, key: Any) -> Batch:
        """`x[1]` follows `y`, with noise of standard deviation 0.1, 0.4 or 0.7; `y` follows `x[0]` with 0.5."""
        normal = jax.random.normal(key, (3, len(domain)))
        y = normal[0] + 0.5 * normal[1]
        x = jnp.stack([normal[0], y + (0.1 + 0.3 * domain) * normal[2]], -1)
        return Batch(x, y[:, None])

    def grade(self, batch: Batch, outputs: Any) -> Any:
        """One less the squared error."""
        return 1 - ((outputs - batch.targets) ** 2).mean(-1)


TASK = Planes()
BATCH = jax.jit(lambda: of_each(TASK, KEY, 8))()
STEP = SGD(0.05, 0.0)
PLAIN = Supervised(Linear(), 2000, 48, STEP)
ROBUST = GroupDRO(Linear(), 2000, 16, STEP, rate=0.1)
INVARIANT = IRM(Linear(), 8000, 16, SGD(0.01, 0.0), penalty=20.0)
MATCHED = Fish(Linear(), 2000, 16, STEP, rate=1.0)
MEAN = Averaged(PLAIN, 0.5)
LEARNERS = (ROBUST, INVARIANT, MATCHED, MEAN)


@lru_cache
def program(learner):
    return jax.jit(lambda: learner.start(TASK, KEY)), jax.jit(lambda s, u: learner.advance(TASK, s, u))


def advanced(learner, *until):
    start, advance = program(learner)
    state = start()
    for step in until:
        state = advance(state, step)
    return state


def trained(learner):
    return learner.model(TASK, advanced(learner, learner.steps))


def flat(model):
    return np.concatenate([np.ravel(x) for x in jax.tree.leaves(model)])


@jax.jit
def first_batch(key):
    return of_each(TASK, jax.random.fold_in(key, 0), 16)


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda one: one.name)
def test_they_are_learners_that_can_be_halted(learner):
    assert isinstance(learner, Learner)
    assert isinstance(TASK, Domains)
    whole, part = advanced(learner, 40), advanced(learner, 13, 40)
    assert np.allclose(flat(learner.model(TASK, whole)), flat(learner.model(TASK, part)), atol=1e-5)
    assert int(part.step) == 40


def test_a_batch_of_every_domain_is_batches_of_each():
    keys = jax.random.split(KEY, 3)
    for d in range(3):
        one = TASK.draw_domain(d, keys[d], 8)
        assert np.allclose(BATCH.inputs[d], one.inputs)
        assert np.allclose(BATCH.targets[d], one.targets)
    model = Linear().build(KEY, (2,), 1)
    by_hand = [
        float(np.mean((np.asarray(model(x)) - y) ** 2)) for x, y in zip(BATCH.inputs, BATCH.targets, strict=True)
    ]
    assert risks("squared error", model, BATCH) == pytest.approx(by_hand, rel=1e-5)


# ---- group DRO -------------------------------------------------------------------------------------------------------


def test_weights_on_losses_that_stay_are_their_softmax():
    losses, rate, weights = jnp.array([0.2, 1.0, 0.7]), 0.1, jnp.full(3, 1 / 3)
    for _ in range(50):
        weights = reweighted(weights, losses, rate)
    assert weights == pytest.approx(np.asarray(jax.nn.softmax(50 * rate * losses)), rel=1e-4)
    assert reweighted(weights, jnp.array([0.0, 1e4, 0.0]), 1.0) == pytest.approx([0, 1, 0])


def test_group_dros_update_is_that_of_the_weighted_loss():
    start, found = advanced(ROBUST), advanced(ROBUST, 1)
    batch = first_batch(start.key)
    x, y, w = np.asarray(batch.inputs), np.asarray(batch.targets), np.asarray(start.model.layer.weight)
    losses = np.array([np.mean((a @ w - b) ** 2) for a, b in zip(x, y, strict=True)])
    weights = np.exp(0.1 * losses) / np.exp(0.1 * losses).sum()
    gradient = sum(q * 2 * a.T @ (a @ w - b) / len(b) for q, a, b in zip(weights, x, y, strict=True))
    assert found.model.layer.weight == pytest.approx(w - 0.05 * gradient, abs=1e-5)
    assert found.weights == pytest.approx(weights, abs=1e-5)


def test_group_dro_lowers_the_worst_risk():
    many = jax.jit(lambda: of_each(TASK, jax.random.key(5), 4000))()
    worst = [float(risks("squared error", trained(x), many).max()) for x in (PLAIN, ROBUST)]
    assert worst[1] < worst[0]


# ---- IRM -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["squared error", "cross entropy"])
def test_the_slope_is_that_of_finite_differences(kind):
    outputs = jax.random.normal(KEY, (12, 4))
    targets = jax.random.normal(jax.random.key(1), (12, 4)) if kind == "squared error" else jnp.arange(12) % 4
    batch = Batch(jnp.zeros((12, 1)), targets)
    step = 1e-2

    def at(factor):
        return float(loss(kind, factor * outputs, batch))

    assert slope(kind, outputs, batch) == pytest.approx((at(1 + step) - at(1 - step)) / (2 * step), rel=2e-3)


def test_the_squared_slope_is_unbiased_and_that_of_one_batch_is_not():
    model = Linear().build(KEY, (2,), 1)

    @jax.jit
    def exact():
        large = TASK.draw_domain(1, jax.random.key(7), 200_000)
        return slope("squared error", model(large.inputs), large) ** 2

    truth = float(exact())

    def estimates(key):
        batch = TASK.draw_domain(1, key, 8)
        outputs = model(batch.inputs)
        return squared_slope("squared error", outputs, batch), slope("squared error", outputs, batch) ** 2

    halves, whole = jax.jit(jax.vmap(estimates))(jax.random.split(jax.random.key(8), 40_000))
    error = float(halves.std()) / 200
    assert float(halves.mean()) == pytest.approx(truth, abs=4 * error)
    assert float(whole.mean()) > truth + 8 * error


def test_irms_objective_is_risk_and_penalty_over_its_weight():
    start, found = advanced(INVARIANT), advanced(INVARIANT, 1)
    batch = first_batch(start.key)
    x, y = np.asarray(batch.inputs, float), np.asarray(batch.targets, float)

    def objective(w):
        total = 0.0
        for a, b in zip(x, y, strict=True):
            f = a @ w
            slopes = [np.mean(2 * (f[h::2] - b[h::2]) * f[h::2]) for h in (0, 1)]
            total += np.mean((f - b) ** 2) / 3 + 20 * slopes[0] * slopes[1] / 3
        return total / 20

    w = np.asarray(start.model.layer.weight, float)
    gradient = np.zeros_like(w)
    for i in range(2):
        e = np.zeros_like(w)
        e[i] = 1e-5
        gradient[i] = (objective(w + e) - objective(w - e)) / 2e-5
    assert found.model.layer.weight == pytest.approx(w - 0.01 * gradient, abs=1e-5)


def test_irm_leans_on_what_is_the_same_everywhere():
    plain, invariant = (abs(np.asarray(trained(x).layer.weight)).ravel() for x in (PLAIN, INVARIANT))
    assert plain[1] > plain[0]
    assert invariant[1] < invariant[0]


# ---- Fish ------------------------------------------------------------------------------------------------------------


def test_the_mean_tour_adds_the_gradient_of_the_inner_products():
    """Over all orders, tours less the joint step are, to second order in the rate, -rate^2 / 2 of that gradient."""
    learner = Fish(MLP(3, 1), 10, 8, SGD(0.02, 0.0))
    model = learner.architecture.build(jax.random.key(3), (2,), 1)

    def gradients(m):
        return [jax.grad(lambda n, d=d: risks("squared error", n, BATCH)[d])(m) for d in range(3)]

    def inner_products(m):
        g = gradients(m)
        return sum(optax.tree.vdot(g[i], g[j]) for i in range(3) for j in range(i))

    exact, joint = jax.jit(lambda m: (jax.grad(inner_products)(m), jax.tree.map(lambda *g: sum(g), *gradients(m))))(
        model
    )
    moments = learner.optimiser.build(10).init(model)
    orders = jnp.array(list(permutations(range(3))))
    tours = jax.jit(jax.vmap(lambda order: learner.tour(TASK, model, moments, BATCH, order)[0]))(orders)
    mean = flat(jax.tree.map(lambda x: x.mean(0), tours))
    extra, exact = (mean - flat(model) + 0.02 * flat(joint)) / (-(0.02**2) / 2), -flat(exact)
    assert extra @ exact / np.linalg.norm(extra) / np.linalg.norm(exact) > 0.99
    assert np.linalg.norm(extra) == pytest.approx(np.linalg.norm(exact), rel=0.15)


def test_fish_with_all_of_the_way_is_a_tour():
    start, found = advanced(MATCHED), advanced(MATCHED, 1)
    batch = first_batch(start.key)
    key = jax.random.fold_in(start.key, 0)
    w, bias = np.asarray(start.model.layer.weight), np.zeros(1)
    for d in np.asarray(jax.random.permutation(jax.random.fold_in(key, 1), 3)):
        x, y = np.asarray(batch.inputs[d]), np.asarray(batch.targets[d])
        error = 2 * (x @ w + bias - y) / len(y)
        w, bias = w - 0.05 * x.T @ error, bias - 0.05 * error.sum(0)
    assert found.model.layer.weight == pytest.approx(w, abs=1e-5)
    assert found.model.layer.bias == pytest.approx(bias, abs=1e-5)


# ---- averaging -------------------------------------------------------------------------------------------------------


def test_the_average_is_the_mean_of_what_the_training_passed():
    short = Averaged(Supervised(Linear(), 8, 16, STEP), 0.5)
    passed = [np.asarray(advanced(short, k).inner.model.layer.weight) for k in range(1, 9)]
    assert trained(short).layer.weight == pytest.approx(np.mean(passed[4:], 0), abs=1e-6)
    assert advanced(short, 2).mean.layer.weight == pytest.approx(passed[1], abs=1e-6)


def test_averaging_changes_nothing_of_the_training():
    assert np.allclose(flat(advanced(MEAN, 20).inner.model), flat(advanced(PLAIN, 20).model), atol=1e-6)
