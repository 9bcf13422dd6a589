from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau

from heldout.core.seeds import words
from heldout.tasks.estimation.known_order import KnownOrder, mallows, tau
from heldout.tasks.interfaces import Estimation

KEY = words("order")


def test_mallows_orders_are_as_likely_as_the_model_says() -> None:
    rng, n = np.random.default_rng(0), 20_000
    seen = Counter(tuple(mallows(np.array([2, 0, 1]), 0.6, rng)) for _ in range(n))
    place = {2: 0, 0: 1, 1: 2}
    weight = {
        p: 0.6 ** sum(place[p[i]] > place[p[j]] for i in range(3) for j in range(i + 1, 3))
        for p in permutations(range(3))
    }
    for order, w in weight.items():
        expected = w / sum(weight.values())
        assert abs(seen[order] / n - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


def test_tau_is_scipys_and_ties_count_for_nothing() -> None:
    rng = np.random.default_rng(1)
    truth, points = rng.standard_normal((2, 9))
    assert tau(truth, points) == pytest.approx(kendalltau(truth, points).statistic)
    assert tau(truth, np.zeros(9)) == 0.0
    assert tau(np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.5, np.nan])) == 1.0


@pytest.mark.parametrize("law", ["gumbel", "mallows"])
def test_tables_follow_the_order_behind_them(law) -> None:
    task = KnownOrder(law, tasks=3_000)
    split = task.splits[0]
    assert isinstance(task, Estimation)
    found = task.trials(lambda scores, _: scores.mean(axis=1), split, KEY, 2)
    assert found.score.min() > 0.9
    order = np.argsort(-task.truth(split, KEY.split(0)))
    assert found.facts["answer"][0].split()[0] == str(order[0])


def test_gumbel_ranks_follow_luces_choice() -> None:
    task = KnownOrder("gumbel", systems=3, tasks=40_000)
    truth = task.truth(task.splits[0], KEY)
    first = np.bincount(task.observe(task.splits[0], KEY).argmax(axis=0), minlength=3) / 40_000
    np.testing.assert_allclose(first, np.exp(truth) / np.exp(truth).sum(), atol=0.012)


def test_what_befalls_a_table_leaves_the_rest_of_it_as_it_was() -> None:
    task = KnownOrder("mallows")
    whole = task.observe(task.splits[0], KEY)
    missing = next(s for s in task.splits if s.axis == "missing")
    table = task.observe(missing, KEY)
    assert np.isnan(table).any()
    assert np.array_equal(table[~np.isnan(table)], whole[~np.isnan(table)])
