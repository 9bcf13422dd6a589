import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings import sandwich
from heldout.stats.ratings.bradley_terry import fit
from heldout.stats.ratings.counts import tally

TRUTH = np.array([0.8, 0.2, -0.2, -0.8])


def test_for_two_players_it_is_the_binomial_error() -> None:
    found = sandwich.covariance(fit(tally([0] * 10, [1] * 10, [1] * 7 + [0] * 3)))
    assert found[0, 0] + found[1, 1] - 2 * found[0, 1] == pytest.approx(1 / 7 + 1 / 3)


def test_it_is_the_sum_of_scores_battle_by_battle(battles) -> None:
    first, second, outcome = battles(TRUTH, 200, np.random.default_rng(2))
    found = fit(tally(first, second, outcome))
    scores = np.zeros((200, 4))
    for row, a, b, won in zip(scores, first, second, outcome, strict=True):
        off = won - 1 / (1 + np.exp(found.strength[b] - found.strength[a]))
        row[[a, b]] = off, -off
    want = found.model @ scores.T @ scores @ found.model
    np.testing.assert_allclose(sandwich.covariance(found), want, atol=1e-12)
    who = np.arange(200) // 8
    sums = np.add.reduceat(scores, np.arange(0, 200, 8))
    want = 25 / 24 * found.model @ sums.T @ sums @ found.model
    clustered = fit(tally(first, second, outcome, cluster=who))
    np.testing.assert_allclose(sandwich.covariance(clustered), want, atol=1e-12)
    np.testing.assert_allclose(sandwich.covariance(clustered, clustered=False), sandwich.covariance(found))


def test_half_wins_for_ties_are_less_noisy_than_wins(battles) -> None:
    rng = np.random.default_rng(3)
    made, errors = [], []
    for _ in range(150):
        one = fit(tally(*battles(TRUTH, 400, rng, ties="davidson", tie=0.3)))
        made.append(one.strength[0])
        errors.append([one.model[0, 0], sandwich.covariance(one)[0, 0]])
    naive, robust = np.sqrt(np.mean(errors, axis=0))
    assert abs(robust / np.std(made) - 1) < 0.17  # three standard errors of a standard deviation of 150
    assert naive > 1.15 * robust


def test_copies_of_battles_tell_nothing_new(battles) -> None:
    first, second, outcome = battles(TRUTH, 300, np.random.default_rng(4), ties="davidson", tie=0.0)
    once = fit(tally(first, second, outcome, cluster=np.arange(300)), ties="davidson")
    many = fit(
        tally(*(np.tile(x, 5) for x in (first, second, outcome)), cluster=np.tile(np.arange(300), 5)), ties="davidson"
    )
    np.testing.assert_allclose(sandwich.covariance(many), sandwich.covariance(once), rtol=1e-6, atol=1e-12)
    assert sandwich.clusters(many) == 300


def test_one_cluster_tells_no_spread() -> None:
    found = fit(tally([0, 0], [1, 1], [1, 0], cluster=["me", "me"]))
    with pytest.raises(HeldoutError, match="all battles are in one cluster"):
        sandwich.covariance(found)
    with pytest.raises(HeldoutError, match="counted without clusters"):
        sandwich.covariance(fit(tally([0, 0], [1, 1], [1, 0])), clustered=True)
