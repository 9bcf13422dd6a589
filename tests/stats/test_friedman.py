import numpy as np
import pytest
from scipy.stats import friedmanchisquare

from heldout.core.errors import HeldoutError
from heldout.stats.friedman import friedman, nemenyi, skillings_mack

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("decimals", [0, 8])
def test_friedman_agrees_with_scipy_with_and_without_ties(decimals):
    table = np.round(RNG.normal([0, 0.3, 0.8, 1], 1, (9, 4)), decimals)
    theirs = friedmanchisquare(*table.T)
    ours = friedman(table)
    assert (ours.statistic, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (ours.df, ours.blocks) == (3, 9)


def test_nemenyi_agrees_with_scikit_posthocs():
    # scikit-posthocs 0.17.1, posthoc_nemenyi_friedman
    table = [
        [-0.8, -1.0, 0.7, 1.6],
        [1.1, 0.4, 0.3, 0.4],
        [0.7, 1.9, 1.2, 0.0],
        [-1.0, 1.9, 1.1, -0.5],
        [-0.1, -0.9, 0.3, 0.7],
        [-0.7, 0.9, 0.8, 0.6],
        [0.4, 1.1, -0.7, 0.9],
        [-1.0, 0.1, -0.4, 1.2],
        [0.0, 0.0, -0.1, 0.8],
    ]
    p = nemenyi(table).p
    assert p[0, 1:] == pytest.approx([0.4064668319, 0.9683918682, 0.3543181133], abs=1e-8)
    assert p[1, 2:] == pytest.approx([0.6923327755, 0.9997276191], abs=1e-8)
    assert (p == p.T).all()


def test_critical_differences_are_demsars():
    # Demsar (2006), section 3.2.2: k = 4, N = 14, q = 2.569, CD = 1.25
    found = nemenyi(RNG.normal(0, 1, (14, 4)))
    assert found.critical == pytest.approx(1.25, abs=0.005)
    assert found.critical == pytest.approx(2.569 * np.sqrt(4 * 5 / (6 * 14)), abs=0.001)


def test_skillings_mack_gives_the_published_number():
    # Skillings and Mack (1981), assembly times: statistic 15.493, 3 degrees of freedom, p 0.00144
    none = np.nan
    times = [
        [3.2, 3.1, 4.3, 3.5, 3.6, 4.5, none, 4.3, 3.5],
        [4.1, 3.9, 3.5, 3.6, 4.2, 4.7, 4.2, 4.6, none],
        [3.8, 3.4, 4.6, 3.9, 3.7, 3.7, 3.4, 4.4, 3.7],
        [4.2, 4.0, 4.8, 4.0, 3.9, none, none, 4.9, 3.9],
    ]
    found = skillings_mack(np.array(times).T)
    assert found.statistic == pytest.approx(15.493, abs=5e-4)
    assert (found.df, found.p) == (3, pytest.approx(0.00144, abs=5e-6))


def test_skillings_mack_holds_its_level_with_missing_cells():
    wrong = 0
    for _ in range(500):
        table = np.round(RNG.normal(0, 1, (12, 5)) + RNG.normal(0, 3, (12, 1)), 1)
        table[RNG.random((12, 5)) < 0.25] = np.nan
        wrong += skillings_mack(table).p <= 0.05
    assert wrong <= 41  # 0.05 and 3.2 standard errors


def test_tables_that_say_nothing_are_errors_or_p_one():
    none = np.nan
    assert friedman(np.ones((4, 3))).p == 1.0
    with pytest.raises(HeldoutError, match="skillings_mack"):
        friedman([[1.0, none], [1.0, 2.0], [2.0, 3.0]])
    with pytest.raises(HeldoutError, match="system 2 shares no block"):
        skillings_mack([[1.0, 2.0, none], [2.0, 1.0, none], [none, none, 1.0]])
    with pytest.raises(HeldoutError, match="fewer than two blocks"):
        skillings_mack([[1.0, 2.0], [none, 1.0]])
    with pytest.raises(HeldoutError, match="test each group by itself"):
        skillings_mack([[1.0, 2.0, none, none], [none, none, 1.0, 2.0], [1.0, 2.0, none, none]])
    with pytest.raises(HeldoutError, match="infinite"):
        friedman([[1.0, np.inf], [1.0, 2.0]])
