import numpy as np
import pytest

from heldout.studies.evaluation.dl_scaling import SIZES, fall, missed_by_last, missed_by_line, straight

N = np.array(SIZES, float)[:, None]


def test_an_exact_power_law_has_its_exponent_and_no_miss():
    scores = 1 - 0.5 * N**-0.4 / 4
    assert fall(scores) == pytest.approx([0.4])
    assert straight(scores) == pytest.approx([1.0])
    assert missed_by_line(scores) == pytest.approx([0.0], abs=1e-9)
    assert missed_by_last(scores) == pytest.approx([0.4 * np.log(2)])


def test_a_flat_end_is_not_straight_and_is_missed_by_the_line():
    scores = 1 - (0.5 * N**-0.8 + 0.01) / 4
    assert straight(scores)[0] < 0.95
    assert missed_by_line(scores)[0] > missed_by_last(scores)[0]
