import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.learners.descent import Descent
from heldout.tasks.formal.modular import Modular
from heldout.tasks.regression.teacher_student import TeacherStudent

KEY = jax.random.key(8)
task = TeacherStudent(10)


def ended(learner):
    state = learner.start(task, KEY)
    return jax.jit(lambda s: learner.advance(task, s, learner.steps))(state)


def test_one_update_is_that_of_the_mean_squared_error():
    learner = Descent(25, 1, 0.05, decay=0.3)
    state = learner.start(task, KEY)
    x, y = state.examples.inputs, state.examples.targets

    def loss(w):
        return jax.numpy.square(x @ w - y).mean() + 0.3 * jax.numpy.square(w).sum()

    wanted = state.weights - 0.05 * jax.grad(loss)(state.weights)
    assert np.asarray(ended(learner).weights) == pytest.approx(np.asarray(wanted), abs=1e-6)


def test_it_ends_at_ridge_regression():
    state = ended(Descent(25, 4000, 0.05, decay=0.1))
    x, y = (np.asarray(a, float) for a in (state.examples.inputs, state.examples.targets))
    ridge = np.linalg.solve(x.T @ x / 25 + 0.1 * np.eye(10), x.T @ y / 25)
    assert np.asarray(state.weights) == pytest.approx(ridge, abs=1e-4)


def test_single_precision_does_not_halt_it():
    state = ended(Descent(14, 2500, 0.01))
    x, y = (np.asarray(a, float) for a in (state.examples.inputs, state.examples.targets))
    exact = np.asarray(state.first, float)
    for _ in range(2500):
        exact = exact - 0.02 * (x.T @ (x @ exact - y)) / 14
    teacher = task.teacher.astype(float)
    assert 1e-12 < np.square(exact - teacher).sum() < 1e-3
    sums = [np.square(np.asarray(w, float) - teacher).sum() for w in (state.weights, exact)]
    assert sums[0] == pytest.approx(sums[1], rel=0.02)


def test_going_on_is_going_straight_on_and_first_weights_have_their_scale():
    learner = Descent(25, 60, 0.02, scale=3.0)
    start = learner.start(task, KEY)
    halted = learner.advance(task, learner.advance(task, start, 20), 60)
    assert np.asarray(halted.weights) == pytest.approx(np.asarray(ended(learner).weights), abs=1e-5)
    sizes = [np.square(Descent(2, 1, scale=3.0).start(task, k).first).sum() for k in jax.random.split(KEY, 300)]
    assert np.mean(sizes) == pytest.approx(9.0, rel=0.1)


def test_other_tasks_are_refused():
    with pytest.raises(HeldoutError, match="squared errors"):
        Descent(5, 1).start(Modular(7), KEY)
