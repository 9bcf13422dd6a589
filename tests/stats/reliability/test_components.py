import warnings

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import components, one_way

VARIANCE = {
    ("seed",): 0.5,
    ("item",): 2.0,
    ("prompt",): 0.3,
    ("seed", "item"): 0.7,
    ("item", "prompt"): 0.4,
    ("seed", "prompt"): 0.2,
    ("seed", "item", "prompt"): 0.6,
    ("seed", "item", "prompt", "sample"): 1.5,
}
SHAPE = {"seed": 5, "item": 8, "prompt": 4, "sample": 3}


def drawn(rng: np.random.Generator, shape: dict[str, int] = SHAPE) -> np.ndarray:
    total = np.zeros(tuple(shape.values()))
    for effect, variance in VARIANCE.items():
        total = total + np.sqrt(variance) * rng.standard_normal([n if f in effect else 1 for f, n in shape.items()])
    return total


def test_one_way_analysis_in_closed_form():
    rng = np.random.default_rng(0)
    table = rng.standard_normal((6, 4)) + rng.standard_normal((6, 1))
    found = components(table, ["item"], "sample")
    within = table.var(axis=1, ddof=1).mean()
    assert found.variance["item", "sample"] == pytest.approx(within)
    assert found.raw[("item",)] == pytest.approx(table.mean(axis=1).var(ddof=1) - within / 4)
    assert found.error() == pytest.approx(np.sqrt(table.mean(axis=1).var(ddof=1) / 6))


def test_two_crossed_factors_as_in_the_textbooks():
    table = np.random.default_rng(1).standard_normal((5, 7)) + np.arange(7) + np.arange(5)[:, None]
    found = components(table, ["seed", "item"])
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    rest = table - rows[:, None] - columns + table.mean()
    residual = (rest**2).sum() / (4 * 6)
    assert found.variance["seed", "item"] == pytest.approx(residual)
    assert found.variance[("seed",)] == pytest.approx((7 * rows.var(ddof=1) - residual) / 7)
    assert found.variance[("item",)] == pytest.approx((5 * columns.var(ddof=1) - residual) / 5)


def test_all_components_are_unbiased():
    rng, draws = np.random.default_rng(2), 400
    raw = [components(drawn(rng), ["seed", "item", "prompt"], "sample").raw for _ in range(draws)]
    for effect, truth in VARIANCE.items():
        found = np.array([one[effect] for one in raw])
        assert abs(found.mean() - truth) < 4 * found.std() / np.sqrt(draws), effect


def test_restricted_likelihood_agrees_on_a_balanced_design():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(3)
    table = 1.5 * rng.standard_normal((12, 1)) + rng.standard_normal((12, 5))
    found = components(table, ["item"], "sample")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sm.MixedLM(table.ravel(), np.ones(60), groups=np.repeat(np.arange(12), 5)).fit(reml=True)
    assert found.variance[("item",)] == pytest.approx(float(theirs.cov_re[0, 0]), rel=1e-3)
    assert found.variance["item", "sample"] == pytest.approx(float(theirs.scale), rel=1e-3)


def test_the_error_is_the_spread_of_grand_means():
    rng, shape = np.random.default_rng(4), {"seed": 3, "item": 4, "prompt": 3, "sample": 2}
    means = [drawn(rng, shape).mean() for _ in range(4_000)]
    found = components(
        drawn(rng, {"seed": 40, "item": 40, "prompt": 40, "sample": 2}), ["seed", "item", "prompt"], "sample"
    )
    assert found.error(shape) == pytest.approx(np.std(means), rel=0.15)
    assert found.error(shape, fixed=("item",)) < found.error(shape)


def test_a_negative_estimate_is_reported_as_none_and_said():
    table = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    found = components(table, ["item"], "sample")
    assert found.variance[("item",)] == 0
    assert found.negative == (("item",),)
    assert found.raw[("item",)] < 0


def test_counts_give_what_their_samples_give():
    rng = np.random.default_rng(5)
    samples = (rng.random((30, 8)) < rng.random((30, 1))).astype(float)
    whole, counted = components(samples, ["item"], "sample"), one_way(8, samples.sum(axis=1))
    assert counted.raw == pytest.approx(whole.raw)
    assert counted.levels == whole.levels


def test_uneven_counts_are_unbiased():
    rng, n = np.random.default_rng(6), np.array([2, 3, 5, 9, 20] * 8)
    found = []
    for _ in range(1_000):
        chance = rng.beta(2, 3, len(n))
        found.append(one_way(n, rng.binomial(n, chance)).raw)
    items, sampling = np.array([[one[("item",)], one["item", "sample"]] for one in found]).T
    assert items.mean() == pytest.approx(0.4 * 0.6 / 6, abs=4 * items.std() / np.sqrt(1_000))
    assert sampling.mean() == pytest.approx(0.4 * 0.6 * 5 / 6, abs=4 * sampling.std() / np.sqrt(1_000))


@pytest.mark.parametrize("scores", [np.zeros((3, 1)), np.zeros(3), np.array([[1.0, np.nan], [1, 2]])])
def test_incomplete_designs_are_refused(scores):
    with pytest.raises(HeldoutError, match="two levels"):
        components(scores, ["seed", "item"])


def test_single_samples_say_nothing_of_sampling():
    with pytest.raises(HeldoutError, match="two samples"):
        one_way(1, [0, 1, 1])
