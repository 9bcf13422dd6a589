import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings import bradley_terry, sandwich
from heldout.stats.ratings.counts import tally
from heldout.stats.ratings.plackett_luce import choices, fit

TRUTH = np.array([1.0, 0.5, 0.0, -0.5, -1.0])


def rankings(number: int, rng: np.random.Generator, size: int = 5) -> list[np.ndarray]:
    """Gumbel noise on the strengths makes the orders of Plackett and Luce."""
    made = []
    for _ in range(number):
        some = rng.permutation(5)[:size]
        made.append(some[np.argsort(-(TRUTH[some] + rng.gumbel(size=size)))])
    return made


def minorised(orders: list[np.ndarray], steps: int = 2_000) -> np.ndarray:
    """Hunter's MM, written out."""
    wins, weight = np.zeros(5), np.ones(5)
    for one in orders:
        wins[one[:-1]] += 1
    for _ in range(steps):
        share = np.zeros(5)
        for one in orders:
            for place in range(len(one) - 1):
                share[one[place:]] += 1 / weight[one[place:]].sum()
        weight = wins / share
    return np.log(weight) - np.log(weight).mean()


def test_newton_finds_what_mm_finds() -> None:
    orders = rankings(12, np.random.default_rng(0), size=3)
    np.testing.assert_allclose(fit(choices(orders, 5)).strength, minorised(orders, 800), atol=1e-6)


def test_pairs_are_bradley_terry() -> None:
    orders = rankings(60, np.random.default_rng(1), size=2)
    first, second = np.array(orders).T
    want = bradley_terry.fit(tally(first, second, np.ones(60), systems=5))
    np.testing.assert_allclose(fit(choices(orders, 5)).strength, want.strength, atol=1e-8)


def test_intervals_hold_the_truth_also_of_short_rankings() -> None:
    rng, held = np.random.default_rng(2), []
    for _ in range(60):
        found = fit(choices(rankings(100, rng, size=4), 5, places=2))
        low, high = found.interval()
        held.append((low < TRUTH) & (high > TRUTH))
    assert np.mean(held) > 0.9


def test_first_places_alone_are_choices_among_all() -> None:
    made = choices([[2, 0, 1], [0, 1]], 3, places=1)
    assert made.present.toarray().tolist() == [[1, 1, 1], [1, 1, 0]]
    assert made.chosen.tolist() == [2, 0]


def test_who_always_comes_first_takes_a_prior() -> None:
    found = fit(choices([[0, 1, 2], [0, 2, 1]], 3))
    assert found.prior == 0.1
    assert found.components.tolist() == [1, 0, 0] or found.components[0] not in found.components[1:]
    assert found.strength.argmax() == 0


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([[0, 0]], "at most once"),
        ([[0, 5]], "codes from 0 to 3"),
        ([[0]], "nothing to rate"),
        ([[0, 1], [2, 3]], "separate"),
    ],
)
def test_what_cannot_be_rated_is_said(orders, said) -> None:
    with pytest.raises(HeldoutError, match=said):
        fit(choices(orders, 4))


def test_clustered_errors_of_pairs_are_the_sandwich_of_bradley_terry() -> None:
    rng = np.random.default_rng(5)
    orders, who = rankings(200, rng, size=2), rng.integers(0, 20, 200)
    pairs = np.array(orders)
    battles = tally(pairs[:, 0], pairs[:, 1], np.ones(200), systems=5, cluster=who)
    want = sandwich.covariance(bradley_terry.fit(battles))
    np.testing.assert_allclose(fit(choices(orders, 5), cluster=who).covariance, want, atol=1e-8)


def test_copies_of_rankings_tell_nothing_new() -> None:
    orders = rankings(60, np.random.default_rng(6), size=4)
    once = fit(choices(orders, 5), cluster=np.arange(60))
    many = fit(choices(orders * 3, 5), cluster=np.tile(np.arange(60), 3))
    np.testing.assert_allclose(many.covariance, once.covariance, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(once.covariance, 60 / 59 * fit(choices(orders, 5)).covariance)


def test_clusters_that_say_nothing_are_refused() -> None:
    made = choices([[0, 1], [1, 0]], 2)
    with pytest.raises(HeldoutError, match="all rankings are in one cluster"):
        fit(made, cluster=["me", "me"])
    with pytest.raises(HeldoutError, match="1 cluster labels for 2 rankings"):
        fit(made, cluster=["me"])
