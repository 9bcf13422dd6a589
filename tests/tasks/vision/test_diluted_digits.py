import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import TRAIN
from heldout.core.task import Task
from heldout.tasks.interfaces import Examples
from heldout.tasks.vision.diluted_digits import CONFUSED, ELSEWHERE, DilutedDigits, diluted
from heldout.tasks.vision.handwriting import handwriting, partition


def test_it_is_a_task_with_examples():
    assert isinstance(DilutedDigits(), Task)
    assert isinstance(DilutedDigits(), Examples)


def test_true_labels_have_the_share_that_the_paper_derives():
    data = diluted(DilutedDigits(20), train=True)
    share = (data.borne == data.labels[:, None]).mean()
    assert share == pytest.approx((1 + 20 / 10) / (1 + 20), abs=0.004)
    drawn = DilutedDigits(20).draw(TRAIN, jax.random.key(0), 20_000)
    true = {x.tobytes(): y for x, y in zip(data.images, data.labels, strict=True)}
    pairs = zip(np.asarray(drawn.inputs), np.asarray(drawn.targets), strict=True)
    right = [true[x.tobytes()] == y for x, y in pairs]
    assert np.mean(right) == pytest.approx(3 / 21, abs=0.01)


@pytest.mark.parametrize("bias", [0.5, 10.0])
def test_structured_noise_points_at_one_other_digit_as_often_as_said(bias: float):
    structured = DilutedDigits(20, pattern="structured", bias=bias)
    permuted = DilutedDigits(20, pattern="permuted", bias=bias)
    for task, taken in ((structured, CONFUSED), (permuted, ELSEWHERE)):
        assert all(a != b for a, b in enumerate(taken))
        data = diluted(task, train=True)
        other, evenly = np.array(taken)[data.labels], (20 - bias) / 10
        assert (data.borne == other[:, None]).sum(1).mean() == pytest.approx(bias + evenly, abs=0.13)
        assert (data.borne == data.labels[:, None]).sum(1).mean() == pytest.approx(1 + evenly, abs=0.13)


def test_clean_digits_beyond_those_there_are_are_warped_and_fewer_are_the_first_of_more():
    train = handwriting("digits")[0][partition("digits", 397)[0]] / np.float32(255)
    many, few = (diluted(DilutedDigits(2, n), train=True) for n in (3_000, 200))
    assert np.allclose(many.images[:1_400], train)
    assert np.allclose(few.images, train[:200])
    moved = many.images[1_400:2_800]
    assert 0.05 < np.abs(moved - train).mean() < np.abs(np.roll(train, 1, axis=0) - train).mean()
    assert (many.labels[1_400:2_800] == many.labels[:1_400]).all()


def test_without_noise_labels_are_true_and_odd_numbers_are_refused():
    data = diluted(DilutedDigits(0), train=True)
    assert (data.borne[:, 0] == data.labels).all()
    assert data.borne.shape == (1_400, 1)
    with pytest.raises(HeldoutError, match="300 noisy copies"):
        DilutedDigits(300)
    with pytest.raises(HeldoutError, match="12 biased copies"):
        DilutedDigits(10, pattern="structured", bias=12)
