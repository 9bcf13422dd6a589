import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings.onebench import comparisons, rank

NAN = np.nan


def test_samples_order_those_that_they_measured() -> None:
    values = np.array([[1.0, 3.0, NAN], [0.0, 3.0, 2.0], [0.0, NAN, 5.0]])
    counts = comparisons(values)
    found = {(a, b): c.tolist() for a, b, c in zip(counts.first, counts.second, counts.counts, strict=True)}
    assert found == {(0, 1): [1, 0, 0], (0, 2): [1, 0, 0], (1, 2): [0, 0, 1]}
    assert sorted(counts.source.cluster.tolist()) == [0, 0, 1]


def test_a_measure_may_be_a_cost() -> None:
    values = np.array([[1.0, 1.0], [0.0, 0.0]])
    turned = comparisons(values, higher=np.array([True, False]))
    assert turned.counts.tolist() == [[1, 0, 1]]


def test_answers_of_rasch_give_back_its_abilities_within_the_errors() -> None:
    rng, held = np.random.default_rng(0), []
    ability = np.array([1.0, 0.4, 0.0, -0.4, -1.0])
    for _ in range(40):
        p = 1 / (1 + np.exp(rng.normal(0, 1, 600)[None, :] - ability[:, None]))
        values = np.where(rng.random(p.shape) < 0.4, NAN, rng.random(p.shape) < p)
        found = rank(values)
        held.append(np.abs(found.strength - ability) < 1.96 * found.error)
    assert 0.88 < np.mean(held) <= 1


def test_numbers_on_scales_of_their_own_rank_alike() -> None:
    rng = np.random.default_rng(1)
    values = np.array([0.8, 0.0, -0.8])[:, None] + rng.gumbel(size=(3, 300))
    scale = np.exp(3 * rng.standard_normal(300))
    np.testing.assert_allclose(rank(values * scale).strength, rank(values).strength)
    assert np.abs(rank(values).strength - [0.8, 0.0, -0.8]).max() < 0.3


def test_what_orders_nobody_is_said() -> None:
    with pytest.raises(HeldoutError, match="nothing to rank"):
        comparisons(np.ones((2, 3)))
    with pytest.raises(HeldoutError, match="two systems at least"):
        comparisons(np.ones((1, 3)))
