from itertools import permutations

import numpy as np
import pytest

from heldout.stats.voting import kemeny
from heldout.stats.voting.ballots import duels

TENNESSEE = np.array([[4, 1, 1, 1], [3, 4, 2, 2], [2, 3, 4, 3], [1, 2, 3, 4]], dtype=float)
VOTERS = np.array([42.0, 26.0, 15.0, 17.0])


def disagreement(table, order, weights):
    """Weighted tasks x pairs against an order, counted one by one."""
    against = 0.0
    for place, better in enumerate(order):
        for worse in order[place + 1 :]:
            against += float(weights @ (table[worse] > table[better]))
    return against


def test_the_capital_of_tennessee():
    found = kemeny.kemeny(TENNESSEE, VOTERS)
    assert found.order.tolist() == [1, 2, 3, 0]
    assert found.cost == 600 - 393  # the known Kemeny score counts agreements: 393 of 600
    assert found.proven
    assert found.gap == 0
    assert not found.free.any()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("missing", [0.0, 0.35])
def test_no_permutation_is_better(seed, missing):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 5, size=(6, 7)).astype(float) if seed % 2 else rng.normal(size=(6, 7))
    table[rng.random(table.shape) < missing] = np.nan
    weights = rng.random(7) if seed % 3 else np.ones(7)
    found = kemeny.kemeny(table, weights)
    least = min(disagreement(table, order, weights) for order in permutations(range(6)))
    assert found.proven
    assert found.cost == pytest.approx(least)
    assert disagreement(table, found.order.tolist(), weights) == pytest.approx(least)
    assert found.bound == pytest.approx(least)


def test_neighbours_that_may_change_places_are_told():
    found = kemeny.kemeny(np.array([[2.0, 2.0], [1.0, 0.0], [0.0, 1.0]]))
    assert found.order[0] == 0
    assert found.free.tolist() == [False, True]
    assert kemeny.points(np.array([[2.0, 2.0], [1.0, 0.0], [0.0, 1.0]])).tolist() == [0, -1, -1]


@pytest.mark.parametrize("seed", range(20))
def test_points_count_who_is_above_in_every_best_order_however_systems_are_listed(seed):
    rng = np.random.default_rng(seed)
    table, ones = rng.integers(0, 4, size=(5, 4)).astype(float), np.ones(4)
    costs = {order: disagreement(table, order, ones) for order in permutations(range(5))}
    best = [order for order, cost in costs.items() if cost == min(costs.values())]
    above = [[all(o.index(i) < o.index(j) for o in best) and i != j for j in range(5)] for i in range(5)]
    found = kemeny.points(table)
    assert found.tolist() == (-np.sum(above, axis=0)).tolist()
    mixed = rng.permutation(5)
    assert kemeny.points(table[mixed]).tolist() == found[mixed].tolist()


def test_in_a_cycle_of_equals_all_tie():
    assert kemeny.points(np.array([[3.0, 1.0, 2.0], [2.0, 3.0, 1.0], [1.0, 2.0, 3.0]])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_thirty_systems_on_fifty_tasks_are_proven(missing):
    rng = np.random.default_rng(1)
    table = 0.2 * rng.normal(size=(30, 1)) + rng.normal(size=(30, 50))
    table[rng.random(table.shape) < missing] = np.nan
    found = kemeny.kemeny(table)
    assert found.proven
    wins = duels(table).wins
    # no single system can be moved to advantage, and every pair's cheaper side is a floor
    assert np.array_equal(kemeny.improved(wins, found.order), found.order)
    assert found.cost >= np.triu(np.minimum(wins, wins.T), 1).sum()


def test_without_time_the_gap_is_stated():
    table = np.random.default_rng(2).normal(size=(25, 9))
    hurried, proven = kemeny.kemeny(table, seconds=0.0), kemeny.kemeny(table)
    assert not hurried.proven
    assert 0 < hurried.gap < 1
    assert hurried.bound <= proven.cost <= hurried.cost


def test_an_order_is_improved_by_moves():
    rng = np.random.default_rng(3)
    wins = duels(rng.normal(size=(8, 5))).wins
    start = rng.permutation(8)
    better = kemeny.improved(wins, start)
    assert sorted(better.tolist()) == list(range(8))
    assert kemeny.disagreement(wins, better) <= kemeny.disagreement(wins, start)
    for place in range(8):
        for to in range(8):
            moved = np.insert(np.delete(better, place), to, better[place])
            assert kemeny.disagreement(wins, moved) >= kemeny.disagreement(wins, better) - 1e-9
