import numpy as np
import pytest
from scipy.stats import permutation_test

from heldout.core.errors import HeldoutError
from heldout.stats import pairwise
from heldout.stats.adastop import Plan, corrected
from heldout.stats.multiplicity import holm

PLAN = Plan(scores=5, interims=3, permutations=2_000)


def test_one_interim_is_holm_on_exact_permutation_tests():
    rng = np.random.default_rng(0)
    plan = Plan(scores=5, interims=1, permutations=1_000)
    for _ in range(30):
        scores = rng.normal([[0.0], [0.0], [2.5]], 1, (3, 5))
        p = [
            permutation_test((scores[i], scores[j]), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf).pvalue
            for i, j in ((0, 1), (0, 2), (1, 2))
        ]
        decisions = pairwise.relabellings(scores, plan).decisions
        assert [d != "equal" for d in decisions.values()] == (holm(p) <= 0.05).tolist()


def test_one_pair_decides_as_the_corrected_adastop_does():
    rng = np.random.default_rng(1)
    same = 0
    for seed in range(40):
        scores = rng.normal([[0.0], [1.0]], 1, (2, 15))
        one, other = pairwise.relabellings(scores, PLAN), corrected(scores, PLAN, seed)
        same += one.decisions == other.decisions and one.runs.tolist() == other.runs.tolist()
    assert same >= 37  # their random patterns differ


@pytest.mark.parametrize("test", [pairwise.relabellings, pairwise.sign_flips])
def test_the_family_wise_error_is_held(test):
    rng = np.random.default_rng(2)
    wrong = 0
    for _ in range(300):
        scores = rng.exponential(1, (4, 15))
        scores[3] += 3  # three equal agents and one apart
        decisions = test(scores, PLAN).decisions
        wrong += any(decisions[pair] != "equal" for pair in ((0, 1), (0, 2), (1, 2)))
    assert wrong <= 27  # 0.05 and 3.2 standard errors


@pytest.mark.parametrize("test", [pairwise.relabellings, pairwise.sign_flips])
def test_what_is_decided_takes_no_more_runs(test):
    scores = np.random.default_rng(3).normal([[0.0], [0.0], [9.0]], 1, (3, 25))
    outcome = test(scores, Plan(permutations=2_000))
    assert (outcome.decisions[0, 2], outcome.decisions[1, 2]) == ("smaller", "smaller")
    assert outcome.runs[2] < outcome.runs[0] == outcome.runs[1] == 25
    assert test(scores[[2, 0]], Plan(permutations=2_000)).decisions[0, 1] == "larger"


def test_bad_input_is_an_error():
    with pytest.raises(HeldoutError, match="for 10 pairs: take at least 6 scores"):
        pairwise.relabellings(np.zeros((5, 5)), Plan(scores=5, interims=1))
    scores = np.zeros((2, 15))
    scores[0, 2] = np.inf
    for test in (pairwise.relabellings, pairwise.sign_flips):
        with pytest.raises(HeldoutError, match="agent 0 has a score that is not finite"):
            test(scores, PLAN)
