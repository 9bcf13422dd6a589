import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings.counts import tally
from heldout.stats.ratings.rank_centrality import interval, rank_centrality, walk

TRUTH = np.array([0.8, 0.2, -0.2, -0.8])


def test_two_players_have_the_odds_of_their_wins() -> None:
    found = rank_centrality(tally([0] * 10, [1] * 10, [1] * 7 + [0] * 3))
    assert found[0] - found[1] == pytest.approx(np.log(7 / 3))


def test_exact_shares_give_exact_strengths() -> None:
    points = 1 / (1 + np.exp(TRUTH[None, :] - TRUTH[:, None]))
    np.fill_diagonal(points, 0)
    np.testing.assert_allclose(walk(points), TRUTH, atol=1e-10)


def test_the_walk_ends_where_its_powers_lead(battles) -> None:
    counts = tally(*battles(TRUTH, 500, np.random.default_rng(0)))
    points = counts.points()
    step = points.T / (points + points.T + np.eye(4)) / 3
    step += np.diag(1 - step.sum(axis=1))
    shares = np.linalg.matrix_power(step, 5_000)[0]
    np.testing.assert_allclose(rank_centrality(counts), np.log(shares) - np.log(shares).mean(), atol=1e-9)
    low, high = interval(counts, 200, np.random.default_rng(1))
    assert ((low < TRUTH) & (high > TRUTH)).all()


def test_a_walk_that_would_end_is_refused() -> None:
    counts = tally([0, 0], [1, 2], [1, 1])
    with pytest.raises(HeldoutError, match="link all systems both ways"):
        rank_centrality(counts)
    assert rank_centrality(counts, prior=0.1).argmax() == 0


def test_battles_of_one_voter_are_drawn_together() -> None:
    """Two players, voters of ten votes with tastes: the bootstrap over voters, done with the voters' own sums."""
    rng = np.random.default_rng(2)
    chance = rng.beta(1.5, 1.0, 40)
    votes = (rng.random((40, 10)) < chance[:, None]).astype(float)
    first, second, who = np.zeros(400, int), np.ones(400, int), np.repeat(np.arange(40), 10)
    counts = tally(first, second, votes.ravel(), cluster=who)
    low, high = interval(counts, 2_000, np.random.default_rng(3))
    won = votes.sum(1)[np.random.default_rng(4).integers(0, 40, (2_000, 40))].sum(1)
    want = np.quantile(np.log(won / (400 - won)) / 2, [0.025, 0.975])
    np.testing.assert_allclose([low[0], high[0]], want, atol=0.03)
    narrow = np.diff(interval(tally(first, second, votes.ravel()), 2_000, np.random.default_rng(3)), axis=0)[0, 0]
    assert high[0] - low[0] > 1.3 * narrow
