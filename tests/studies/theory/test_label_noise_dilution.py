import numpy as np
import pytest

from heldout.studies.theory.label_noise_dilution import biased, few, few_noisy, many, noisy, study
from heldout.tasks.vision.diluted_digits import diluted


def test_the_true_label_is_the_most_frequent_with_every_pattern_of_noise():
    for task in (few_noisy, noisy, biased):
        data = diluted(task, train=True)
        for digit in range(10):
            counts = np.bincount(data.borne[data.labels == digit].ravel(), minlength=10)
            assert counts.argmax() == digit


def test_four_labels_in_five_are_wrong_under_noise():
    data = diluted(noisy, train=True)
    assert (data.borne == data.labels[:, None]).mean() == pytest.approx(2 / 11, abs=0.002)


def test_tasks_differ_in_noise_or_in_number_only():
    assert (few.clean, few.noisy, many.noisy) == (few_noisy.clean, 0, 0)
    assert many.clean == noisy.clean == biased.clean
    assert {len(diluted(task, train=False).labels) for task in study.tasks} == {study.probes[0].n}
