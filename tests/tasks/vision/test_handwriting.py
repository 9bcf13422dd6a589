import numpy as np
import pytest
from sklearn.datasets import load_digits

from heldout.tasks.vision.handwriting import SOURCES, handwriting, partition


def test_digits_are_scikit_learns():
    images, labels = handwriting("digits")
    theirs = load_digits()
    assert np.array_equal(images, np.round(theirs.images * 255 / 16).astype(np.uint8))
    assert np.array_equal(labels, theirs.target)


def test_mnist_has_five_hundred_of_each():
    images, labels = handwriting("mnist")
    assert images.shape == (5000, 28, 28)
    assert np.array_equal(np.bincount(labels), np.full(10, 500))
    assert images.max() == 255


@pytest.mark.parametrize("name", SOURCES)
def test_the_partition_is_disjoint_complete_and_stratified_from_the_front(name):
    labels = handwriting(name)[1]
    train, test = partition(name, 400)
    assert len(test) == 400
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))
    for front in (test[:250], test, train[:250]):
        assert np.ptp(np.bincount(labels[front], minlength=10)) <= 4
