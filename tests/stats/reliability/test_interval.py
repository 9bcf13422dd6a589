import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import mg_pass_at_k, pass_all_k, pass_at_k
from heldout.stats.reliability.interval import bootstrap, new_items, same_items


def test_one_sample_an_item_is_wilsons_interval_with_students_quantile():
    c = np.array([1] * 14 + [0] * 26)
    found = new_items(pass_at_k(1), 1, c)
    q2 = stats.t.ppf(0.975, 39) ** 2 / 40 * 40 / 39  # the variance of the values is p (1 - p) n / (n - 1)
    for end in found[1:3]:
        assert (0.35 - end) ** 2 == pytest.approx(q2 * end * (1 - end))


def test_an_end_of_all_right_is_wilsons():
    found = new_items(pass_all_k(8), 16, np.full(50, 16))
    low = stats.binomtest(50, 50).proportion_ci(method="wilson").low
    assert found.estimate == found.high == 1
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.low < 0.95


def test_repeats_are_not_pooled():
    """A thousand samples of ten items say no more of new items than the ten items do."""
    few, many = new_items(pass_at_k(1), 10, [0, 10] * 5), new_items(pass_at_k(1), 1000, [0, 1000] * 5)
    assert few == many
    assert many.high - many.low > 0.4


def test_items_with_too_few_samples_are_left_out_and_counted():
    assert new_items(pass_at_k(4), [4, 3, 4], [1, 3, 0]).items == 2
    with pytest.raises(HeldoutError, match="choose a smaller k"):
        new_items(pass_at_k(4), 3, [1, 2])
    assert new_items(pass_at_k(2), 3, [1])[1:3] == (0.0, 1.0)


def test_same_items_of_single_answers_is_the_stratified_binomial():
    c, n = np.array([3, 9, 14, 20]), 20
    found = same_items(pass_at_k(1), n, c)
    p = c / n
    error = np.sqrt((p * (1 - p) / (n - 1)).sum()) / 4
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.05)


def test_same_items_that_always_agree_keep_a_width():
    found = same_items(pass_at_k(1), 10, np.full(20, 10))
    assert 0.95 < found.low < 0.995
    assert same_items(pass_at_k(4), 4, [1, 2])[1:3] == (0.0, 1.0)


def test_the_bootstrap_is_that_of_drawing_items():
    rng = np.random.default_rng(0)
    c = rng.integers(0, 17, 60)
    ours = bootstrap(pass_at_k(2), 16, c, np.random.default_rng(1), resamples=20_000)
    values = np.array([1 - (16 - x) * (15 - x) / (16 * 15) for x in c])
    theirs = np.quantile(rng.choice(values, (20_000, 60)).mean(axis=1), [0.025, 0.975])
    assert ours[1:3] == pytest.approx(theirs, abs=0.005)


@pytest.mark.parametrize("metric", [pass_at_k(1), pass_at_k(4), pass_all_k(4), mg_pass_at_k(4)], ids=lambda m: m.name)
def test_both_intervals_cover(metric):
    """4,000 tables of 40 items, Monte Carlo error three standard deviations (0.01), target 0.93."""
    rng, items, n, trials = np.random.default_rng(3), 40, 16, 1_000
    pool = rng.beta(0.8, 0.6, 200_000)
    worth = stats.binom.pmf(np.arange(metric.k + 1), metric.k, pool[:, None]) @ metric.weights
    truth, fresh, again = float(worth.mean()), 0, 0
    for _ in range(trials):
        which = rng.integers(0, len(pool), items)
        c = rng.binomial(n, pool[which])
        found = new_items(metric, n, c)
        fresh += found.low <= truth <= found.high
        found = same_items(metric, n, c)
        again += found.low <= worth[which].mean() <= found.high
    assert min(fresh, again) / trials > 0.93 - 3 * np.sqrt(0.95 * 0.05 / trials)
