import jax
import numpy as np
import pytest
from scipy.stats import norm

from heldout.contracts.check import check
from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN
from heldout.tasks.regression.teacher_student import TeacherStudent, accuracy

KEY = jax.random.key(0)


def test_the_teacher_itself_is_never_wrong_and_saying_0_scores_chance():
    task = TeacherStudent(20, 0.1)
    for split in (TRAIN, IID):
        assert float(task.trials(task.oracle(), split, KEY, 100).score.mean()) == 1.0
    silent = task.trials(lambda inputs: inputs[:, :1] * 0, IID, KEY, 40_000).score.mean()
    assert float(silent) == pytest.approx(task.chance, abs=0.01)
    assert float(np.linalg.norm(task.teacher)) == pytest.approx(1.0, rel=1e-5)


def test_accuracy_is_the_share_of_a_normal_distribution():
    for loss, epsilon in ((0.3, 0.01), (0.001, 0.01), (2.0, 5.0)):
        wanted = 1 - 2 * norm.sf(np.sqrt(epsilon / loss))
        assert accuracy(loss, epsilon) == pytest.approx(wanted, rel=1e-6)
        assert float(accuracy(jax.numpy.asarray(loss), epsilon)) == pytest.approx(wanted, rel=1e-4)


def test_a_student_is_as_accurate_as_its_distance_from_the_teacher_says():
    task = TeacherStudent(30, 0.02)
    off = task.teacher + np.random.default_rng(1).normal(size=(30, 1)) * 0.04
    found = task.trials(lambda inputs: inputs @ off, IID, KEY, 40_000).score.mean()
    assert float(found) == pytest.approx(accuracy(float(np.square(off - task.teacher).sum()), 0.02), abs=0.01)


def test_train_and_test_inputs_differ_even_for_one_key():
    task = TeacherStudent()
    one, other = (np.asarray(task.draw(split, KEY, 5).inputs) for split in (TRAIN, IID))
    assert not np.isclose(one, other).any()


def test_what_cannot_be_is_said():
    with pytest.raises(HeldoutError, match="positive epsilon"):
        TeacherStudent(epsilon=0.0)


def test_the_contract_holds():
    assert not [f for f in check(TeacherStudent(8)) if getattr(f, "problems", ())]
