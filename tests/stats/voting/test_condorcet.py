"""Against worked elections from the literature and against the definitions spelt out."""

from itertools import combinations, permutations

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting import condorcet
from heldout.stats.voting.points import ranks

TENNESSEE = np.array([[4, 1, 1, 1], [3, 4, 2, 2], [2, 3, 4, 3], [1, 2, 3, 4]], dtype=float)
VOTERS = np.array([42.0, 26.0, 15.0, 17.0])

# Schulze (2011), example 1: 45 voters, E > A > C > B > D
SCHULZE = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
SCHULZE_TABLE = np.array([[-ballot.index(one) for ballot in SCHULZE] for one in "ABCDE"], dtype=float)
SCHULZE_VOTERS = np.array(list(SCHULZE.values()), dtype=float)

# Condorcet's paradox: A > B > C, B > C > A and C > A > B
CYCLE = np.array([[3, 1, 2], [2, 3, 1], [1, 2, 3]], dtype=float)


def random_table(seed, missing=0.0, ties=False):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 4, size=(5, 9)).astype(float) if ties else rng.normal(size=(5, 9))
    table[rng.random(table.shape) < missing] = np.nan
    return table


def won(table, a, b):
    """Tasks on which a is above b, and tasks that both have."""
    both = ~np.isnan(table[a]) & ~np.isnan(table[b])
    return int((table[a, both] > table[b, both]).sum()), int(both.sum())


def test_the_capital_of_tennessee():
    assert condorcet.condorcet(TENNESSEE, VOTERS) == 1
    assert condorcet.smith(TENNESSEE, VOTERS).tolist() == [1]
    assert condorcet.copeland(TENNESSEE, VOTERS, "wins").tolist() == [0, 3, 2, 1]
    assert ranks(condorcet.schulze(TENNESSEE, VOTERS)).tolist() == [4, 1, 2, 3]
    assert ranks(condorcet.ranked_pairs(TENNESSEE, VOTERS)).tolist() == [4, 1, 2, 3]
    np.testing.assert_allclose(condorcet.minimax(TENNESSEE, VOTERS), [-0.58, 0, -0.68, -0.83])


def test_schulzes_own_example():
    assert ranks(condorcet.schulze(SCHULZE_TABLE, SCHULZE_VOTERS)).tolist() == [2, 4, 3, 5, 1]


def test_a_cycle_has_no_winner_and_is_a_tie():
    assert condorcet.condorcet(CYCLE) is None
    assert condorcet.smith(CYCLE).tolist() == [0, 1, 2]
    for rule in (condorcet.copeland, condorcet.minimax, condorcet.schulze, condorcet.ranked_pairs):
        assert np.ptp(rule(CYCLE)) == 0


def test_ranked_pairs_drops_the_weakest_link_of_a_cycle():
    points = condorcet.ranked_pairs(CYCLE, np.array([4.0, 3.0, 5.0]))
    # A > B by 4 + 5, B > C by 4 + 3, C > A by 3 + 5: the weakest, B > C, goes, and C > A > B stays
    assert ranks(points).tolist() == [2, 3, 1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("missing", "ties"), [(0.0, False), (0.0, True), (0.3, False), (0.3, True)])
def test_rules_follow_their_definitions(seed, missing, ties):
    table = random_table(seed, missing, ties)
    wins, losses, met = np.zeros(5), np.zeros(5), np.zeros(5)
    votes, margins, opposition = np.zeros(5), np.full(5, -np.inf), np.full(5, -np.inf)
    for a, b in permutations(range(5), 2):
        (up, n), (down, _) = won(table, a, b), won(table, b, a)
        if n:
            wins[a] += up > down
            losses[a] += up < down
            met[a] += 1
            votes[a] = max(votes[a], down / n if down > up else 0)
            margins[a] = max(margins[a], (down - up) / n)
            opposition[a] = max(opposition[a], down / n)
    np.testing.assert_allclose(condorcet.copeland(table, None, "wins"), wins)
    np.testing.assert_allclose(condorcet.copeland(table, None, "losses"), -losses)
    np.testing.assert_allclose(condorcet.copeland(table), wins - losses)
    np.testing.assert_allclose(condorcet.copeland(table, None, "wins and ties"), wins + (met - wins - losses) / 2)
    np.testing.assert_allclose(condorcet.minimax(table), -votes)
    np.testing.assert_allclose(condorcet.minimax(table, None, "margins"), -margins)
    np.testing.assert_allclose(condorcet.minimax(table, None, "opposition"), -opposition)
    champion = [a for a in range(5) if wins[a] == 4]
    assert condorcet.condorcet(table) == (champion[0] if champion else None)


@pytest.mark.parametrize("seed", range(6))
def test_the_smith_set_is_the_smallest_that_beats_the_rest(seed):
    table = random_table(seed, ties=True)
    beats = {(a, b) for a, b in permutations(range(5), 2) if won(table, a, b)[0] > won(table, b, a)[0]}
    sets = [
        set(inside)
        for size in range(1, 6)
        for inside in combinations(range(5), size)
        if all((a, b) in beats for a in inside for b in set(range(5)) - set(inside))
    ]
    assert set(condorcet.smith(table).tolist()) == sets[0]
    assert set(np.flatnonzero(condorcet.schulze(table) == condorcet.schulze(table).max())) <= sets[0]


def test_missing_tasks_do_not_flatter():
    """A system without the tasks that it would lose has fewer recorded losses, but no smaller share of them."""
    full = np.array([[1.0] * 6 + [0.0] * 6, [0.0] * 6 + [1.0] * 4 + [2.0] * 2, [0.5] * 12])
    sparse = full.copy()
    sparse[1, 2:] = np.nan
    for variant in ("winning votes", "margins", "opposition"):
        assert condorcet.minimax(sparse, None, variant)[1] <= condorcet.minimax(full, None, variant)[1]


def test_one_system_and_unknown_variants():
    assert condorcet.condorcet(np.ones((1, 2))) == 0
    assert condorcet.minimax(np.ones((1, 2))).tolist() == [0]
    with pytest.raises(HeldoutError, match="Copeland's variant"):
        condorcet.copeland(CYCLE, None, "both")
    with pytest.raises(HeldoutError, match="variant of minimax"):
        condorcet.minimax(CYCLE, None, "both")
