import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

from heldout.core.errors import HeldoutError
from heldout.stats import equivalence

RNG = np.random.default_rng(6)


def test_p_values_agree_with_statsmodels():
    a, b = RNG.normal(0.1, 1, 15), RNG.normal(0, 1.5, 15)
    assert equivalence.paired(a, b, margin=1.0).p == pytest.approx(ttost_paired(a, b, -1.0, 1.0)[0])
    theirs = ttost_ind(a, b[:9], -1.0, 1.0, usevar="unequal")[0]
    assert equivalence.unpaired(a, b[:9], margin=1.0).p == pytest.approx(theirs)


def test_answers_agree_with_p_and_interval():
    for shift, answer in ((0.0, "equivalent"), (3.0, "different"), (1.0, "undecided")):
        found = equivalence.paired(RNG.normal(shift, 0.5, 20), margin=1.0)
        assert found.answer == answer
        assert (found.p <= 0.05) == (answer == "equivalent")
        assert found.finding.alpha == 0.1


def test_the_level_is_held_on_the_margin_itself():
    wrong = sum(equivalence.paired(RNG.normal(1.0, 1, 12), margin=1.0).answer == "equivalent" for _ in range(600))
    assert wrong <= 47  # 0.05 and 3.2 standard errors


def test_the_units_still_needed_give_about_the_power_promised():
    pilot = np.array([1.0, -1.0] * 10) * np.sqrt(19 / 20)  # mean 0, standard deviation 1
    needed = equivalence.paired(pilot, margin=0.5).needed
    assert 30 <= needed <= 40  # 2.93^2 / 0.25 = 34.3
    shown = sum(equivalence.paired(RNG.normal(0, 1, needed), margin=0.5).answer == "equivalent" for _ in range(400))
    assert 0.72 <= shown / 400 <= 0.9
    assert equivalence.paired(pilot + 2, margin=0.5).needed is None


def test_constant_differences_leave_it_undecided():
    found = equivalence.paired([0.1] * 6, margin=1.0)
    assert (found.answer, found.needed) == ("undecided", None)


def test_bad_margins_and_levels_are_errors():
    for margin in (0.0, -1.0, float("inf")):
        with pytest.raises(HeldoutError, match="margin"):
            equivalence.paired([1.0, 2.0], margin=margin)
    with pytest.raises(HeldoutError, match=r"between 0 and 0\.5"):
        equivalence.paired([1.0, 2.0], margin=1.0, alpha=0.5)
