import colorsys

import jax
import numpy as np
import pytest

from heldout.core import IID, TRAIN, Task
from heldout.tasks.domains import Domains
from heldout.tasks.vision.coloured_digits import FRESH, RANDOM, SWAPPED, ColouredDigits, colours, pixels
from heldout.tasks.vision.handwriting import handwriting, partition

TASK = ColouredDigits(3)
KEY = jax.random.key(0)


def seen(batch):
    """The colour of every digit: the brightest its channels become, as no digit is everywhere dark."""
    ink = np.asarray(batch.inputs).reshape(len(batch.targets), 64, 3).max(1)
    return ink / ink.max(1, keepdims=True)


def pair_of(colour):
    """(domain, class) of a colour."""
    pairs = colours(TASK.count)
    distance = np.abs(pairs[None] - colour[:, None, None]).sum(-1).reshape(len(colour), -1)
    assert distance.min(1).max() < 1e-5
    return np.divmod(distance.argmin(1), 2)


def test_it_is_a_task_with_domains():
    assert isinstance(TASK, Task)
    assert isinstance(TASK, Domains)
    assert len(TASK.domains) == 3


def test_colours_are_pure_hues_all_different_and_evenly_spaced():
    hues = np.sort([colorsys.rgb_to_hsv(*map(float, c)) for c in colours(5).reshape(-1, 3)], axis=0)
    assert len(hues) == 20
    assert hues[:, 0] == pytest.approx(np.arange(20) / 20, abs=1e-6)
    assert hues[:, 1:] == pytest.approx(np.ones((20, 2)))


@pytest.mark.parametrize(
    ("split", "agreement"),
    [(TRAIN, (1, 1)), (IID, (1, 1)), (RANDOM, (0.4, 0.6)), (SWAPPED, (0, 0)), (FRESH, (0.4, 0.6))],
)
def test_colour_tells_the_class_as_the_split_says(split, agreement):
    batch = TASK.draw(split, KEY, 400)
    domain, told = pair_of(seen(batch))
    low, high = agreement
    assert low <= np.mean(told == np.asarray(batch.targets)) <= high
    assert set(domain) == ({3, 4, 5} if split is FRESH else {0, 1, 2})


def test_a_domain_has_its_own_colours():
    for d in range(3):
        domain, _ = pair_of(seen(TASK.draw_domain(d, KEY, 50)))
        assert set(domain) == {d}


def test_classes_are_of_real_digits_and_held_out_ones_are_not_trained_on():
    (train, low), (test, high) = pixels(600)
    images, labels = handwriting("digits")
    first, second = partition("digits", 600)
    assert not set(first) & set(second)
    assert np.array_equal(train, images[first] / np.float32(255))
    assert np.array_equal(low, labels[first] > 4)
    assert (len(test), high.mean()) == (600, pytest.approx(0.5, abs=0.02))


def test_a_model_that_knows_the_pairs_is_misled_by_other_colours():
    pairs = colours(3)[:3].reshape(-1, 3)

    def model(inputs):
        colour = inputs.reshape(len(inputs), 64, 3).max(1)
        colour = colour / colour.max(1, keepdims=True)
        nearest = jax.numpy.abs(pairs[None] - colour[:, None]).sum(-1).argmin(1)
        return jax.nn.one_hot(nearest % 2, 2)

    means = {s.name: float(TASK.trials(model, s, KEY, 500).score.mean()) for s in TASK.splits}
    assert (means["train"], means["iid"], means[SWAPPED.name]) == (1, 1, 0)
    assert means[RANDOM.name] == pytest.approx(0.5, abs=0.07)
