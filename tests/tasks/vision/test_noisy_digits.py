import jax
import numpy as np
import pytest

from heldout.core import IID, TRAIN, HeldoutError, Task
from heldout.tasks.interfaces import Examples
from heldout.tasks.vision.handwriting import handwriting, partition
from heldout.tasks.vision.noisy_digits import NoisyDigits, labelled


def test_the_share_of_wrong_labels_is_exact_and_those_asked_about_are_right():
    images, labels = handwriting("digits")
    train, test = partition("digits", 997)
    for noise in (0.0, 0.25, 0.4, 1.0):
        (pixels, given), (_, asked) = labelled(NoisyDigits(noise))
        assert np.array_equal(pixels, images[train] / np.float32(255))
        assert (given != labels[train]).sum() == round(noise * 800)
        assert np.array_equal(asked, labels[test])


def test_little_noise_strikes_what_much_noise_strikes():
    (_, some), (_, many) = (labelled(NoisyDigits(noise))[0] for noise in (0.2, 0.4))
    truth = handwriting("digits")[1][partition("digits", 997)[0]]
    assert np.array_equal(some[some != truth], many[some != truth])


def test_wrong_labels_are_any_other_digit():
    (_, given), _ = labelled(NoisyDigits(1.0))
    truth = handwriting("digits")[1][partition("digits", 997)[0]]
    counts = np.bincount((given - truth) % 10, minlength=10)
    assert counts[0] == 0
    assert counts[1:].min() > 60


def test_it_is_a_task_that_draws_what_it_was_given():
    task = NoisyDigits(0.4)
    assert isinstance(task, Task)
    assert isinstance(task, Examples)
    batch = task.draw(TRAIN, jax.random.key(0), 30)
    known = {(x.tobytes(), int(y)) for x, y in zip(*labelled(task)[0], strict=True)}
    assert {(x.tobytes(), int(y)) for x, y in zip(np.asarray(batch.inputs), batch.targets, strict=True)} <= known
    found = task.trials(lambda x: jax.nn.one_hot(x.sum((1, 2)).astype(int) % 10, 10), IID, jax.random.key(1), 2000)
    assert len(found.score) == 997
    assert len(np.unique(np.asarray(found.item), axis=0)) == 997


def test_a_share_that_is_none_is_said():
    with pytest.raises(HeldoutError, match="from 0 to 1"):
        NoisyDigits(1.2)
