import numpy as np
import pytest
from scipy import optimize, special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import logistic
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import counts, responses


def brute(outcomes, prior=Prior()):
    """The joint mode of abilities and difficulties with slopes of one, by a general optimiser."""
    systems = len(outcomes)

    def loss(x):
        ability, difficulty = x[:systems], x[systems:]
        eta = ability[:, None] - difficulty
        level = (outcomes * eta - np.logaddexp(0, eta)).sum()
        away = difficulty - difficulty.mean()
        return -level + (ability**2).sum() / (2 * prior.ability**2) + (away**2).sum() / (2 * prior.difficulty**2)

    found = optimize.minimize(loss, np.zeros(sum(outcomes.shape)), tol=1e-12).x
    return found[:systems], found[systems:]


def test_the_one_parameter_fit_is_the_joint_mode(simulate):
    drawn = simulate(6, 9, slopes=0)
    found = logistic.fit(responses(drawn.outcomes), "1pl", tolerance=1e-9)
    ability, difficulty = brute(drawn.outcomes)
    assert np.allclose(found.ability, ability, atol=1e-4)
    assert np.allclose(found.items.difficulty, difficulty, atol=1e-4)


def test_items_are_the_mode_given_the_abilities(simulate):
    drawn = simulate(12, 5, seed=1)
    found = logistic.fit(responses(drawn.outcomes), tolerance=1e-8)
    centre = found.items.difficulty.mean()
    for item in range(5):
        y = drawn.outcomes[:, item]

        def loss(x, y=y):
            eta = np.exp(x[0]) * (found.ability - x[1])
            return -(y * eta - np.logaddexp(0, eta)).sum() + 2 * x[0] ** 2 + (x[1] - centre) ** 2 / 8

        best = optimize.minimize(loss, np.zeros(2), tol=1e-12).x
        assert np.log(found.items.slope[item]) == pytest.approx(best[0], abs=1e-3)
        assert found.items.difficulty[item] == pytest.approx(best[1], abs=1e-3)


def test_guessing_items_are_the_mode_given_the_abilities(simulate):
    drawn = simulate(60, 3, seed=2, guessing=0.2)
    prior = Prior()
    data = responses(drawn.outcomes)
    _, start = logistic.start(data, "3pl", prior)
    start = start._replace(difficulty=np.zeros(3))
    items = logistic.settled(data, drawn.ability, start, "3pl", prior, 1e-9)
    centre = items.difficulty.mean()
    for item in range(3):
        y = drawn.outcomes[:, item]

        def loss(x, y=y):
            c = special.expit(x[2])
            p = c + (1 - c) * special.expit(np.exp(x[0]) * (drawn.ability - x[1]))
            away = x[2] - special.logit(prior.guessing)
            return (
                -(special.xlogy(y, p) + special.xlogy(1 - y, 1 - p)).sum()
                + 2 * x[0] ** 2
                + (x[1] - centre) ** 2 / 8
                + away**2 / (2 * prior.certainty**2)
            )

        best = optimize.minimize(loss, np.array([0, 0, -1.5]), tol=1e-12).x
        found = [np.log(items.slope[item]), items.difficulty[item], special.logit(items.floor[item])]
        assert np.allclose(found, best, atol=2e-3)


def test_a_known_ability_is_logistic_regression_without_a_prior():
    """Items of one slope and known abilities: statsmodels' offset logit."""
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(3)
    ability = rng.normal(size=300)
    y = (rng.random(300) < special.expit(ability - 0.7)).astype(float)
    wide = Prior(difficulty=1e4)
    start = Items(np.ones(1), np.zeros(1), np.zeros(1))
    items = logistic.settled(responses(y[:, None]), ability, start, "1pl", wide, 1e-10)
    peer = sm.GLM(y, np.ones((300, 1)), family=sm.families.Binomial(), offset=ability).fit()
    assert items.difficulty[0] == pytest.approx(-peer.params[0], abs=1e-6)


def test_truth_is_found_and_better_with_more_systems(simulate):
    errors = []
    for systems in (50, 400):
        drawn = simulate(systems, 200, seed=4)
        found = logistic.fit(responses(drawn.outcomes))
        assert np.corrcoef(found.ability, drawn.ability)[0, 1] > 0.97
        errors.append(np.sqrt(np.mean(np.log(found.items.slope / drawn.slope) ** 2)))
    assert errors[1] < 0.2 < errors[0] + 0.1
    assert errors[1] < errors[0]


def test_repeats_count(simulate):
    """A table of counts gives what the same outcomes give one by one."""
    drawn = [simulate(30, 40, seed=5, slopes=0.3)]
    rng = np.random.default_rng(0)
    p = special.expit(drawn[0].slope * (drawn[0].ability[:, None] - drawn[0].difficulty))
    wins = rng.binomial(6, p)
    counted = logistic.fit(counts(np.full(p.shape, 6), wins), tolerance=1e-7)
    scale = responses(wins / 6, np.full(p.shape, 6))
    assert np.allclose(counted.ability, logistic.fit(scale, tolerance=1e-7).ability)
    assert np.std(counted.ability - drawn[0].ability) < 0.2


def test_single_precision_finds_the_same(simulate):
    outcomes = simulate(100, 300, seed=6).outcomes
    data = responses(outcomes)
    single = type(data)(data.signed.astype(np.float32))
    a, b = logistic.fit(data), logistic.fit(single)
    assert np.abs(a.ability - b.ability).max() < 2e-3
    assert np.abs(a.items.difficulty - b.items.difficulty).max() < 2e-2


def test_all_right_and_all_wrong_are_finite_and_said():
    outcomes = np.ones((5, 8))
    outcomes[1:, 2] = outcomes[2:, 3] = outcomes[:, 4] = 0
    found = logistic.fit(responses(outcomes))
    assert np.isfinite(found.ability).all()
    assert np.isfinite(found.items.difficulty).all()
    assert found.items.difficulty[4] > found.items.difficulty[2] > found.items.difficulty[0]
    assert "6 of 8 items were solved by all systems or by none" in found.warnings[0]


def test_a_perfect_system_is_bounded(simulate):
    outcomes = simulate(10, 50, seed=7).outcomes
    outcomes[0] = 1
    found = logistic.fit(responses(outcomes))
    assert 1 < found.ability[0] < 6
    assert "1 of 10 systems solved every item" in found.warnings[-1]


def test_missing_cells_at_random_change_little(simulate):
    drawn = simulate(60, 200, seed=8)
    outcomes = drawn.outcomes.copy()
    outcomes[np.random.default_rng(0).random(outcomes.shape) < 0.3] = np.nan
    assert np.corrcoef(logistic.fit(responses(outcomes)).ability, drawn.ability)[0, 1] > 0.97


def test_an_unknown_model_is_named():
    with pytest.raises(HeldoutError, match="'4pl'"):
        logistic.fit(responses(np.eye(3)), "4pl")


def test_the_posterior_only_rises_by_fitting(simulate):
    data = responses(simulate(20, 30, seed=9).outcomes)
    ability, items = logistic.start(data, "1pl", Prior())
    before = logistic.log_posterior(data, logistic.Fit(ability, items, Prior(), "1pl", 0, 1.0))
    assert logistic.log_posterior(data, logistic.fit(data, "1pl")) > before


@pytest.mark.parametrize("seed", [1, 28, 33])
def test_curves_that_swing_come_to_rest(seed):
    """With full steps these tables, whose rates are mostly near 0 and 1, swing by a hundredth for ever."""
    rng = np.random.default_rng(seed)
    slope = 2 * np.exp(0.5 * rng.normal(size=60))
    p = special.expit(slope * (rng.normal(size=(20, 1)) - 1.5 * rng.normal(size=60) - 0.5))
    rates = np.round(rng.beta(0.05 + 0.5 * p, 0.05 + 0.5 * (1 - p)), 2)
    assert logistic.fit(responses(rates, np.full(p.shape, 3.7))).moved <= 1e-4
