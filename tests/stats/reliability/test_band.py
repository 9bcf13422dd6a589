import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import pass_at_k
from heldout.stats.reliability.band import band, critical
from heldout.stats.reliability.interval import new_items, quantile


def test_a_curve_of_one_point_is_its_interval():
    c = np.arange(17)
    found = band(pass_at_k, [4], 16, c, np.random.default_rng(0))
    alone = new_items(pass_at_k(4), 16, c)
    assert (found.estimate[0], found.low[0], found.high[0]) == pytest.approx(alone[:3])


def test_unrelated_columns_need_sidaks_quantile():
    values = np.random.default_rng(0).standard_normal((20_000, 8))
    sidak = quantile(20_000, 0.95 ** (1 / 8))
    assert critical(values, np.random.default_rng(1)) == pytest.approx(sidak, abs=0.06)
    same = np.repeat(values[:, :1], 8, axis=1)
    assert critical(same, np.random.default_rng(1)) == pytest.approx(quantile(20_000), abs=0.05)


def test_the_band_holds_the_whole_curve():
    rng, ks, n = np.random.default_rng(2), [1, 2, 4, 8, 16], 32
    pool = rng.beta(0.7, 1.0, 400_000)
    truth = np.array([(1 - (1 - pool) ** k).mean() for k in ks])
    held = pointwise = 0
    for _ in range(400):
        c = rng.binomial(n, rng.beta(0.7, 1.0, 100))
        found = band(pass_at_k, ks, n, c, rng)
        held += bool(((found.low <= truth) & (truth <= found.high)).all())
        alone = [new_items(pass_at_k(k), n, c) for k in ks]
        pointwise += all(a.low <= t <= a.high for a, t in zip(alone, truth, strict=True))
    assert held / 400 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)
    assert held > pointwise


def test_items_with_samples_for_every_k_count():
    assert band(pass_at_k, [1, 3], [3, 2, 3], [1, 1, 2], np.random.default_rng(0)).items == 2
    with pytest.raises(HeldoutError, match="leave out the largest k"):
        band(pass_at_k, [1, 9], 3, [1, 1], np.random.default_rng(0))
