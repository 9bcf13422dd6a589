import numpy as np
import pytest
from scipy.stats import permutation_test

from heldout.core.errors import HeldoutError
from heldout.stats.adastop import Plan, begin, corrected, interim
from heldout.stats.adastop_published import published

SMALL = Plan(scores=4, interims=2, permutations=1_000)


def test_one_interim_of_two_agents_is_the_exact_permutation_test():
    rng = np.random.default_rng(0)
    plan = Plan(scores=5, interims=1)
    for _ in range(60):
        scores = rng.normal([[0.0], [1.5]], 1, (2, 5))
        p = permutation_test((*scores,), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf).pvalue
        assert (corrected(scores, plan).decisions[0, 1] != "equal") == (p <= 0.05)


def _errors(test, plan, agents, sims):
    rng = np.random.default_rng(1)
    told_apart = 0
    for seed in range(sims):
        scores = rng.normal(size=(agents, plan.scores * plan.interims))
        told_apart += any(d != "equal" for d in test(scores, plan, seed).decisions.values())
    return told_apart / sims


def test_the_corrected_form_holds_its_level_and_the_published_one_does_not():
    plan = Plan(scores=5, interims=3, permutations=1_000)
    assert _errors(corrected, plan, 2, 1_000) <= 0.05 + 3 * 0.0069
    assert _errors(corrected, plan, 3, 400) <= 0.05 + 3 * 0.011
    assert _errors(published, plan, 2, 500) >= 0.05 + 2 * 0.0097


def test_the_level_spent_is_shared_over_the_interims():
    rng = np.random.default_rng(2)
    plan = Plan(scores=5, interims=4, permutations=2_000)
    for seed in range(20):
        state = begin(3, plan, seed)
        for k in range(1, 5):
            if not state.agents:
                break
            state = interim(state, rng.normal(size=(3, 5)))
            assert state.spent <= plan.alpha * k / 4 + 1e-12
            assert state.spent == pytest.approx(1 - state.alive.mean())


def test_clear_differences_are_decided_early_with_the_right_sign():
    rng = np.random.default_rng(3)
    scores = rng.normal([[0.0], [9.0], [0.0], [18.0]], 1, (4, 50))
    outcome = corrected(scores, Plan(scores=10, interims=5))
    assert outcome.decisions == {
        (0, 1): "smaller",
        (0, 2): "equal",
        (0, 3): "smaller",
        (1, 2): "larger",
        (1, 3): "smaller",
        (2, 3): "smaller",
    }
    assert outcome.runs.tolist() == [50, 10, 50, 10]
    assert outcome.decided[1, 3] == 1
    assert outcome.decided[0, 2] == 5


def test_open_pairs_alone_need_scores():
    scores = np.full((3, 8), np.nan)
    scores[:2, :4] = np.arange(8).reshape(2, 4)
    plan = Plan(scores=4, interims=1, permutations=1_000, pairs=((0, 1),))
    outcome = corrected(scores, plan)
    assert outcome.decisions == {(0, 1): "smaller"}
    assert outcome.runs.tolist() == [4, 4, 0]


def test_step_by_step_is_the_same_as_all_at_once():
    scores = np.random.default_rng(4).normal([[0.0], [1.0], [2.0]], 1, (3, 10))
    plan = Plan(scores=5, interims=2, permutations=1_000)
    state = begin(3, plan, seed=5)
    for k in range(2):
        state = interim(state, scores[:, 5 * k : 5 * k + 5])
    whole = corrected(scores, plan, seed=5)
    assert state.outcome.decisions == whole.decisions
    assert state.outcome.boundaries == whole.boundaries


def test_power_grows_with_the_effect_and_runs_fall():
    rng = np.random.default_rng(5)
    found, runs = [], []
    for shift in (0.5, 1.0, 2.0):
        outcomes = [corrected(rng.normal([[0.0], [shift]], 1, (2, 20)), Plan(5, 4, 500), seed) for seed in range(100)]
        found.append(np.mean([o.decisions[0, 1] == "smaller" for o in outcomes]))
        runs.append(np.mean([o.runs.mean() for o in outcomes]))
        assert not any(o.decisions[0, 1] == "larger" for o in outcomes) or shift == 0.5
    assert found[0] < found[1] < found[2] == 1.0
    assert 20 > runs[0] > runs[1] > runs[2]


def test_constant_and_tied_scores_are_told_apart_by_nobody():
    assert set(corrected(np.ones((3, 8)), SMALL).decisions.values()) == {"equal"}
    tied = np.tile([0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4], (2, 1))
    assert corrected(tied, SMALL).decisions[0, 1] == "equal"


def test_plans_that_decide_nothing_say_what_it_takes():
    assert Plan().earliest() == 1
    assert Plan(scores=3, interims=5).earliest() == 2
    with pytest.raises(HeldoutError, match="at least 4 scores"):
        corrected(np.zeros((2, 3)), Plan(scores=3, interims=1))
    with pytest.raises(HeldoutError, match="100 permutations"):
        Plan(permutations=10)


def test_bad_scores_are_errors():
    scores = np.zeros((2, 8))
    scores[1, 5] = np.nan
    for test in (corrected, published):
        with pytest.raises(HeldoutError, match="agent 1 has a score that is not finite"):
            test(scores, SMALL)
        with pytest.raises(HeldoutError, match="this interim takes 2 agents x 4 scores"):
            test(np.zeros((2, 6)), SMALL)
        with pytest.raises(HeldoutError, match="agents x runs"):
            test([1.0, 2.0], SMALL)
        with pytest.raises(HeldoutError, match="takes two"):
            test([[1.0] * 8], SMALL)
    with pytest.raises(HeldoutError, match="not a pair"):
        corrected(scores, Plan(4, 2, 1_000, pairs=((0, 2),)))
