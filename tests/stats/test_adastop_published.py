import numpy as np
import pytest

from heldout.stats.adastop import Plan
from heldout.stats.adastop_published import published


def test_published_reproduces_the_package():
    # adastop 0.1.3, MultipleAgentsComparator(n=5, K=5, B=10000, alpha=0.05, seed=3), on these scores
    rng = np.random.default_rng(11)
    scores = rng.normal(size=(3, 25)) + 0.8 * np.arange(3)[:, None]
    outcome = published(scores, Plan(), seed=3)
    assert outcome.decisions == dict.fromkeys([(0, 1), (0, 2), (1, 2)], "smaller")
    assert outcome.runs.tolist() == [25, 25, 5]
    boundaries = [1.0062747421633285, 1.6591842078354535, 1.87567285993602, 2.1062525166937514, 2.238184690667574]
    assert outcome.boundaries == pytest.approx(boundaries, abs=1e-12)


def test_published_reproduces_the_package_where_it_counts_out_all_relabellings():
    # adastop 0.1.3, MultipleAgentsComparator(n=3, K=3, B=10000, alpha=0.05, seed=1)
    scores = np.round(np.random.default_rng(12).normal(size=(4, 9)) + 0.9 * np.arange(4)[:, None], 1)
    outcome = published(scores, Plan(scores=3, interims=3), seed=1)
    told = {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)}
    assert outcome.decisions == dict.fromkeys(told, "smaller") | {(2, 3): "equal"}
    assert outcome.runs.tolist() == [9, 9, 9, 9]
    assert outcome.boundaries == pytest.approx([1.633333333333333, 2.033333333333333, 2.133333333333333], abs=1e-12)


def test_published_reproduces_the_package_where_it_divides_by_one():
    # adastop 0.1.3, MultipleAgentsComparator(n=10, K=2, B=1000, alpha=0.05, seed=2): from the second interim on, the
    # package divides counts by 1, so that only what exceeds every pattern is told apart
    scores = np.random.default_rng(13).normal([[0.0], [0.7]], 1, (2, 20))
    outcome = published(scores, Plan(10, 2, 1_000), seed=2)
    assert outcome.decisions == {(0, 1): "equal"}
    assert outcome.boundaries == pytest.approx([1.1136667088937884, 2.0387978982368686], abs=1e-12)
