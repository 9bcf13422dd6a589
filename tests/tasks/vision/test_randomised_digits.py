import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN
from heldout.core.task import Task
from heldout.tasks.interfaces import Examples
from heldout.tasks.vision.randomised_digits import RandomisedDigits, randomised

TRUE = RandomisedDigits(examples=1_400)


def test_it_is_a_task_with_examples():
    assert isinstance(TRUE, Task)
    assert isinstance(TRUE, Examples)


def test_nothing_asked_about_is_trained_on_and_held_out_labels_are_true():
    train, test = (randomised(TRUE, train=t) for t in (True, False))
    assert (len(train.labels), len(test.labels)) == (1_400, 397)
    assert (
        len({x.tobytes() for x in test.images} & {x.tobytes() for x in train.images}) <= 2
    )  # a few scans are identical
    for corruption in (0.3, 1.0):
        assert (randomised(RandomisedDigits(corruption), train=False).labels == test.labels).all()


def test_labels_are_drawn_anew_as_often_as_said_and_more_corruption_only_adds():
    true = randomised(TRUE, train=True).labels
    half, all_ = (randomised(RandomisedDigits(c, examples=1_400), train=True).labels for c in (0.5, 1.0))
    assert (half != true).mean() == pytest.approx(0.45, abs=0.04)
    assert (all_ != true).mean() == pytest.approx(0.9, abs=0.025)
    assert (half[half != true] == all_[half != true]).all()
    assert np.bincount(all_, minlength=10) / 1_400 == pytest.approx(np.full(10, 0.1), abs=0.03)


def test_pixels_are_permuted_or_replaced():
    true, one, own, none = (
        randomised(RandomisedDigits(0.0, p, 300), train=True).images.reshape(300, 64)
        for p in ("true", "shuffled", "random", "gaussian")
    )
    for made in (one, own):
        assert (np.sort(made, axis=1) == np.sort(true, axis=1)).all()
    assert (np.sort(one, axis=0).sum(0).round(3).tolist()) != true.sum(0).round(3).tolist()
    assert sorted(one.sum(0).round(2)) == sorted(true.sum(0).round(2))  # each pixel as a whole moved
    assert own.mean(0).std() < 0.2 * true.mean(0).std()
    assert (none.mean(), none.std()) == pytest.approx((true.mean(), true.std()), abs=0.02)


def test_training_images_are_asked_with_the_labels_that_they_bore():
    task = RandomisedDigits(1.0, examples=100)
    data = randomised(task, train=True)
    found = task.trials(lambda x: jax.nn.one_hot(data.labels, 10), TRAIN, jax.random.key(0), 1_000)
    assert found.score.tolist() == [1.0] * 100
    assert len(task.trials(lambda x: x[:, 0], IID, jax.random.key(0), 50).score) == 50


def test_odd_numbers_are_refused():
    with pytest.raises(HeldoutError, match="odds 2"):
        RandomisedDigits(2.0)
    with pytest.raises(HeldoutError, match="1700 examples"):
        RandomisedDigits(examples=1_700)
