import jax
import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge as Reference

from heldout.core.errors import HeldoutError
from heldout.core.split import TRAIN
from heldout.learners.kernel_ridge import KernelRidge
from heldout.tasks.formal.modular import Modular
from heldout.tasks.formal.reverse_string import ReverseString
from heldout.tasks.regression.teacher import Teacher

KEY = jax.random.key(0)


@pytest.mark.parametrize("task", [Teacher(256, 4), Modular(7)])
def test_predictions_are_those_of_scikit_learn(task):
    learner = KernelRidge(60, decay=0.01, gamma=0.3)
    state = learner.advance(task, learner.start(task, KEY), 1)
    drawn = task.draw(TRAIN, KEY, 60)
    targets = np.asarray(drawn.targets)
    targets = np.eye(task.outputs)[targets] if task.loss == "cross entropy" else targets
    known = Reference(alpha=0.01, kernel="rbf", gamma=0.3).fit(np.asarray(drawn.inputs, float).reshape(60, -1), targets)
    asked = task.draw(task.splits[1], jax.random.key(1), 40).inputs
    found = learner.model(task, state)(asked)
    assert np.allclose(found, known.predict(np.asarray(asked, float).reshape(40, -1)).reshape(found.shape), atol=2e-3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: KernelRidge(0), "examples=0 must lie between 1 and 4,096"),
        (lambda: KernelRidge(5, decay=0.0), "decay=0"),
        (lambda: KernelRidge(5).start(ReverseString(), KEY), "one answer per instance"),
    ],
)
def test_what_cannot_be_fitted_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
