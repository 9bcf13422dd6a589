import jax
import numpy as np
import pytest

from heldout.contracts.check import check
from heldout.core.split import IID, TRAIN
from heldout.tasks.regression.teacher import Teacher, taught

KEY = jax.random.key(0)


def test_the_teacher_itself_is_never_wrong():
    for task in (Teacher(), Teacher(spread=30.0)):
        for split in (TRAIN, IID):
            assert np.asarray(task.trials(task.oracle(), split, KEY, 200).score) == pytest.approx(1, abs=1e-9)


def test_saying_nothing_scores_chance():
    task = Teacher()
    found = task.trials(lambda inputs: inputs[:, :1] * 0, IID, KEY, 20_000).score
    assert float(found.mean()) == pytest.approx(task.chance, abs=0.005)


def test_smaller_training_sets_are_inside_larger_ones():
    def seen(n):
        batch = Teacher(n).draw(TRAIN, KEY, 2000)
        return {tuple(row) for row in np.asarray(batch.inputs).round(5).tolist()}

    assert len(seen(16)) == 16
    assert seen(16) < seen(64)


def test_scales_change_what_is_shown_and_not_what_is_asked():
    plain, skewed = Teacher().draw(IID, KEY, 50), Teacher(spread=30.0).draw(IID, KEY, 50)
    assert np.asarray(plain.targets) == pytest.approx(np.asarray(skewed.targets))
    assert np.asarray(skewed.inputs[:, -1]) * 30 == pytest.approx(np.asarray(plain.inputs[:, -1]), rel=1e-4)
    assert np.asarray(taught(Teacher(), plain.inputs)) == pytest.approx(np.asarray(plain.targets))


def test_the_contract_holds():
    assert not [f for f in check(Teacher(64)) if getattr(f, "problems", ())]
