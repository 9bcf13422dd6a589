import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.finding import Finding, Interval, known
from heldout.stats.sample import differences, fraction, sample


def test_a_sample_is_finite_and_one_dimensional():
    assert sample([1, 2, True]).tolist() == [1.0, 2.0, 1.0]
    with pytest.raises(HeldoutError, match=r"2 values that are not finite \(the first, nan, at 1\)"):
        sample([1.0, np.nan, np.inf])
    with pytest.raises(HeldoutError, match=r"shape \(1, 2\)"):
        sample([[1.0, 2.0]])


def test_too_few_units_are_told_how_many_it_takes():
    with pytest.raises(HeldoutError, match="takes at least 2"):
        sample([1.0], "the first sample", 2)
    with pytest.raises(HeldoutError, match="takes at least 1"):
        sample([])


def test_pairs_must_match():
    assert differences([3.0, 1.0], [1.0, 1.0]).tolist() == [2.0, 0.0]
    assert differences([3.0, 1.0]).tolist() == [3.0, 1.0]
    with pytest.raises(HeldoutError, match="2 values cannot be paired with 3"):
        differences([1.0, 2.0], [1.0, 2.0, 3.0])


def test_levels_and_alternatives_are_checked():
    assert fraction(0.05) == 0.05
    for wrong in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(HeldoutError, match="strictly between 0 and 1"):
            fraction(wrong)
    assert known("less") == "less"
    with pytest.raises(HeldoutError, match="'bigger'"):
        known("bigger")


def test_a_finding_carries_its_interval():
    assert Finding("t", 1.0, 0.3, 0.5, -1.0, 2.0, 4).interval == Interval(0.5, -1.0, 2.0)
