import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.abstention import assess, per_template


def test_the_four_metrics_by_hand():
    answers = [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [1, 1, 1, 1, -1], [0, 0, 0, 0, 0], [-1, -1, -1, -1, -1]]
    found = assess(answers, np.random.default_rng(0))
    assert found.reliability.estimate == pytest.approx((5 + 4 + 2 + 0 - 10) / 25)
    assert found.success.estimate == pytest.approx(13 / 25)
    assert found.confidence.estimate == pytest.approx(1 / 5)
    assert found.near_miss.estimate == pytest.approx(2 / 5)


def test_declining_everything_scores_nothing_and_costs_nothing():
    found = assess(np.zeros((10, 5)), np.random.default_rng(0))
    assert found.reliability == (0, 0, 0)
    assert found.success.estimate == 0
    assert found.success.high > 0.2  # ten templates do not exclude a success now and then


def test_the_template_is_the_unit():
    """Fifty instances of the same ten templates leave the interval as wide as five."""
    codes = np.repeat([[1]] * 6 + [[-1]] * 4, 5, axis=1)
    few, many = assess(codes, np.random.default_rng(0)), assess(np.repeat(codes, 10, axis=1), np.random.default_rng(0))
    assert few == many


def test_template_intervals_cover():
    rng, held, trials = np.random.default_rng(1), np.zeros(4), 400
    pool = rng.beta(2, 1, 500_000)
    right = rng.binomial(5, pool)
    truth = [float((3 * pool - 2).mean()), float(pool.mean()), float((right == 5).mean()), float((right == 4).mean())]
    for _ in range(trials):
        chance = rng.beta(2, 1, 60)
        codes = np.where(rng.random((60, 5)) < chance[:, None], 1, -1)
        found = assess(codes, rng, resamples=500)
        held += [m.low <= t <= m.high for m, t in zip(found, truth, strict=True)]
    assert (held / trials > 0.94 - 3 * np.sqrt(0.95 * 0.05 / trials)).all()


def test_codes_are_checked():
    with pytest.raises(HeldoutError, match="templates x instances"):
        per_template([[2, 1]])
    with pytest.raises(HeldoutError, match="templates x instances"):
        per_template([])
