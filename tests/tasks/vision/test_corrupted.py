import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.split import IID, TRAIN, axes
from heldout.core.task import Task
from heldout.tasks.interfaces import Examples
from heldout.tasks.vision.corrupted import PERTURBATION, SEQUENCES, Corrupted
from heldout.tasks.vision.fixed import fixed

TASK = Corrupted("digits", images=60, sequences=8, frames=5)
KEY = jax.random.key(0)
SNOW = next(s for s in TASK.splits if s.name == "snow 3")
NOISE, TURN = (next(s for s in TASK.splits if s.name == f"{k} sequence") for k in ("gaussian noise", "rotate"))


class FirstBright(eqx.Module):
    """Says which column of the first row is brightest: a model that needs no training."""

    def __call__(self, images):
        return jnp.pad(images[:, 0], ((0, 0), (0, 2)))


first_bright = FirstBright()


def test_it_is_a_task_with_examples():
    assert isinstance(TASK, Task)
    assert isinstance(TASK, Examples)
    assert axes(TASK.splits) == ("noise", "blur", "weather", "digital", PERTURBATION)
    assert len(TASK.splits) == 2 + 75 + len(SEQUENCES)
    assert len({s.name for s in TASK.splits}) == len(TASK.splits)


def test_images_asked_about_are_never_trained_on():
    train, test = (fixed(TASK, s).images.reshape(-1, 64) for s in (TRAIN, IID))
    assert len(train) == 1797 - 400
    # A few scans of this set are identical; indices are disjoint by test_handwriting, so only coincidences remain.
    assert len({t.tobytes() for t in test} & {t.tobytes() for t in train}) <= 2


def test_scores_are_accuracies_of_the_same_images_on_every_split():
    labels = fixed(TASK, IID).labels[:60]
    for split in (IID, SNOW):
        found = TASK.trials(first_bright, split, KEY, 1000)
        images = fixed(TASK, split).images[:60]
        expected = np.asarray(first_bright(images / np.float32(255))).argmax(-1) == labels
        assert np.array_equal(found.score, expected)
        assert np.array_equal(np.asarray(found.item)[:, 1], np.arange(60))


def test_fewer_trials_are_distinct_images_chosen_by_the_key():
    one, two = (np.asarray(TASK.trials(first_bright, IID, jax.random.key(k), 10).item)[:, 1] for k in (0, 1))
    assert len(np.unique(one)) == 10
    assert set(one) != set(two)


def test_consistency_is_one_minus_the_flip_probability():
    for split, to_first in ((TURN, False), (NOISE, True)):
        frames = fixed(TASK, split).images
        answers = np.asarray(first_bright(frames.reshape(-1, 8, 8) / np.float32(255))).argmax(-1).reshape(8, 5)
        flips = [[row[j] != row[0 if to_first else j - 1] for j in range(1, 5)] for row in answers]
        assert np.allclose(TASK.trials(first_bright, split, KEY, 1000).score, 1 - np.mean(flips, 1))


def test_training_draws_come_from_the_train_images_with_their_labels():
    batch = TASK.draw(TRAIN, KEY, 50)
    data = fixed(TASK, TRAIN)
    known = {(i.tobytes(), int(label)) for i, label in zip(data.images, data.labels, strict=True)}
    for image, label in zip(np.round(np.asarray(batch.inputs) * 255).astype(np.uint8), batch.targets, strict=True):
        assert (image.tobytes(), int(label)) in known


def test_samples_can_be_looked_at():
    for split in (IID, SNOW, TURN):
        for sample in TASK.samples(split, KEY, 2):
            assert sample.answer in "0123456789"
            assert sample.image.shape == ((8, 24) if split is TURN else (8, 8))
            assert sample.image.max() <= 1
