import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.learners.descent import Descent
from heldout.studies.formal.linear_grokking import (
    first,
    flow,
    limit,
    limiting_time,
    most,
    needed,
    recorded,
    study,
)
from heldout.tasks.regression.teacher_student import TeacherStudent, accuracy

KEY = jax.random.key(7)
task = TeacherStudent(40)


@pytest.mark.parametrize("learner", [Descent(60, 3000, 0.005), Descent(60, 3000, 0.005, 0.05, 3.0)])
def test_the_closed_form_is_what_gradient_descent_with_small_steps_does(learner):
    state = learner.start(task, KEY)
    start = flow(state, jnp.asarray(task.teacher), learner, 0)
    for step in (0, 100, 1000, 3000):
        now = learner.advance(task, state, step)
        errors = np.asarray(now.examples.inputs @ now.weights - now.examples.targets)
        losses = np.square(errors).mean(), np.square(np.asarray(now.weights) - task.teacher).sum()
        found = flow(state, jnp.asarray(task.teacher), learner, step)
        assert np.array(found) == pytest.approx(np.array(losses), rel=0.03)
    assert start[1] == pytest.approx(float(np.square(np.asarray(state.first) - task.teacher).sum()), rel=1e-3)


def test_the_limit_has_the_moments_of_marchenko_and_pastur():
    train, test = limit(most, np.array([0]))
    ratio = 100 / 143
    assert test[0] == pytest.approx(2.0, rel=1e-3)  # 1 for the teacher, 1 for the first weights
    assert train[0] == pytest.approx(2.0, rel=1e-3)  # the mean eigenvalue is 1
    h = 1e-3
    one = Descent(143, 1, h / 1)
    slope = (limit(one, np.array([1]))[1][0] - test[0]) / h
    assert slope == pytest.approx(-8.0, rel=0.01)  # d/dt of 2 exp(-4 nu t)
    assert ((limit(one, np.array([1]))[0][0] - train[0]) / h) == pytest.approx(-8.0 * (1 + ratio), rel=0.01)


def test_the_limit_is_what_large_samples_do():
    learner, wide = Descent(600, 400, 0.01), TeacherStudent(420)
    state = learner.start(wide, KEY)
    found = np.array([flow(state, jnp.asarray(wide.teacher), learner, t) for t in (50, 400)])
    wanted = np.stack(limit(Descent(143, 1, 0.01), np.array([50, 400])), 1)
    assert found == pytest.approx(wanted, rel=0.15)


def test_curves_are_read_at_steps_that_the_probes_record():
    for probe in study.probes:
        for learner in study.learners:
            assert set(recorded(learner)) <= set(probe.at.steps(learner.steps))


def test_curves_reach_a_level_between_two_readings():
    steps = np.array([10, 20, 40])
    assert first(np.array([[0.0, 0.5, 1.0], [0.0, 0.1, 0.2], [0.9, 1.0, 1.0]]).T, steps, 0.75) == pytest.approx(
        [30, 40, 10]
    )
    assert accuracy(needed(0.01), 0.01) == pytest.approx(0.95)
    assert 0 < limiting_time(most) < most.steps
