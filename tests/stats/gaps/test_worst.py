import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps.worst import cvar, honest_worst, worst_group

RNG = np.random.default_rng(1)
SCORES = RNG.random((7, 6))


def variational(scores, share, weights):
    """Rockafellar and Uryasev's definition: the greatest t - E[(t - score)+] / share over t."""
    return max(t - (weights * np.maximum(t - scores, 0)).sum() / share for t in scores)


@pytest.mark.parametrize("share", [0.05, 1 / 6, 0.3, 0.5, 0.77, 1.0])
@pytest.mark.parametrize("sizes", [None, [1, 2, 3, 4, 5, 6], [0, 1, 1, 1, 0, 3]])
def test_cvar_is_the_variational_one(share, sizes):
    weights = np.ones(6) if sizes is None else np.array(sizes, float)
    used, weights = weights > 0, weights / weights.sum()
    expected = [variational(row[used], share, weights[used]) for row in SCORES]
    assert cvar(SCORES, share, sizes) == pytest.approx(expected)


def test_its_ends_are_the_mean_and_the_worst_group():
    assert cvar(SCORES, 1.0) == pytest.approx(SCORES.mean(axis=1))
    assert cvar(SCORES, 1 / 6) == pytest.approx(worst_group(SCORES))
    assert worst_group(SCORES) == pytest.approx(SCORES.min(axis=1))


def test_the_lowest_of_equal_groups_is_too_low_and_the_honest_one_is_not():
    noise = 0.8 + 0.1 * RNG.normal(size=(4000, 4))
    assert worst_group(noise).mean() == pytest.approx(0.8 - 0.1 * 1.0294, abs=0.005)  # the least of four normals
    assert honest_worst(noise).mean() == pytest.approx(0.8, abs=0.005)


def test_a_group_that_is_truly_worst_is_chosen():
    scores = np.array([0.9, 0.3, 0.8]) + 0.01 * RNG.normal(size=(9, 3))
    assert honest_worst(scores) == pytest.approx(scores[:, 1])


@pytest.mark.parametrize(("share", "sizes"), [(0.0, None), (1.5, None), (0.5, [1, 2]), (0.5, [0] * 6), (0.5, [-1] * 6)])
def test_bad_shares_and_sizes_are_named(share, sizes):
    with pytest.raises(HeldoutError, match="group"):
        cvar(SCORES, share, sizes)
