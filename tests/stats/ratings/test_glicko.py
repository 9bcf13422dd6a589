import numpy as np
import pytest

from heldout.stats.ratings.glicko import Period, Ratings, expected, impact, unrated, update


def test_the_published_example() -> None:
    """Glickman (1999): 1500 (200) beats 1400 (30), loses to 1550 (100) and to 1700 (300)."""
    before = Ratings(np.array([1500.0, 1400, 1550, 1700]), np.array([200.0, 30, 100, 300]))
    period = Period(np.zeros(3, int), np.array([1, 2, 3]), np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(impact(before.deviation[1:]), [0.9955, 0.9531, 0.7242], atol=5e-5)
    after = update(before, period)
    assert after.rating[0] == pytest.approx(1464.1, abs=0.1)
    assert after.deviation[0] == pytest.approx(151.4, abs=0.05)


def test_who_does_not_play_stays_and_time_makes_unsure() -> None:
    before = Ratings(np.array([1500.0, 1500, 1800]), np.array([100.0, 100, 50]))
    period = Period(np.array([0]), np.array([1]), np.array([1.0]))
    still = update(before, period)
    assert (still.rating[2], still.deviation[2]) == (1800, 50)
    assert still.rating[0] - 1500 == pytest.approx(1500 - still.rating[1])
    later = update(before, period, drift=120.0)
    assert later.deviation[2] == pytest.approx(130)
    assert update(before, period, drift=1e6).deviation[2] == 350


def test_sure_ratings_expect_as_elo_does() -> None:
    sure = Ratings(np.array([1900.0, 1500.0]), np.zeros(2))
    assert expected(sure, np.array([0]), np.array([1]))[0] == pytest.approx(10 / 11)
    assert expected(unrated(2), np.array([0]), np.array([1]))[0] == pytest.approx(0.5)


def test_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(1500, 200, 60)
    ratings = unrated(60)
    for _ in range(40):
        order = rng.permutation(60)
        a, b = order[:30], order[30:]
        won = rng.random(30) < 1 / (1 + 10 ** ((truth[b] - truth[a]) / 400))
        ratings = update(ratings, Period(a, b, won.astype(float)))
    centred = ratings._replace(rating=ratings.rating - ratings.rating.mean() + truth.mean())
    low, high = centred.interval()
    assert ((low < truth) & (truth < high)).mean() > 0.85
