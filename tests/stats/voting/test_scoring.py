"""Against the textbook's election of the capital of Tennessee and against the definitions spelt out."""

from functools import cmp_to_key
from itertools import pairwise

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting import scoring
from heldout.stats.voting.points import ranks

# Memphis, Nashville, Chattanooga, Knoxville; 42, 26, 15 and 17 of a hundred voters
TENNESSEE = np.array([[4, 1, 1, 1], [3, 4, 2, 2], [2, 3, 4, 3], [1, 2, 3, 4]], dtype=float)
VOTERS = np.array([42.0, 26.0, 15.0, 17.0])


def random_table(seed, missing=0.0, ties=False):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 4, size=(5, 7)).astype(float) if ties else rng.normal(size=(5, 7))
    table[rng.random(table.shape) < missing] = np.nan
    return table


def test_the_capital_of_tennessee():
    np.testing.assert_allclose(scoring.plurality(TENNESSEE, VOTERS), [0.42, 0.26, 0.15, 0.17])
    np.testing.assert_allclose(scoring.borda(TENNESSEE, VOTERS) * 300, [126, 194, 173, 107])
    assert ranks(scoring.baldwin(TENNESSEE, VOTERS)).tolist() == [3, 1, 2, 4]
    # last places: Memphis 58, Knoxville 42, the others none; then last but one: Nashville 32, Chattanooga 42
    assert ranks(scoring.threshold(TENNESSEE, VOTERS)).tolist() == [4, 1, 2, 3]
    expected = [
        0.42 + 0.58 / 4,
        0.26 + 0.42 / 2 + 0.32 / 3,
        0.15 + 0.43 / 2 + 0.42 / 3,
        0.17 + 0.15 / 2 + 0.26 / 3 + 0.42 / 4,
    ]
    np.testing.assert_allclose(scoring.dowdall(TENNESSEE, VOTERS), expected)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_positions_are_paid_as_defined(ties, missing):
    table = random_table(0, missing, ties)
    spent = {name: np.full(table.shape, np.nan) for name in ("plurality", "dowdall", "borda")}
    for t, column in enumerate(table.T):
        here = np.flatnonzero(~np.isnan(column))
        for s in here:
            above, level = (column[here] > column[s]).sum(), (column[here] == column[s]).sum()
            places = np.arange(above, above + level)
            spent["plurality"][s, t] = (places == 0).mean()
            spent["dowdall"][s, t] = (1 / (places + 1)).mean()
            if len(here) > 1:
                spent["borda"][s, t] = (len(here) - 1 - places).mean() / (len(here) - 1)
    for name, points in spent.items():
        np.testing.assert_allclose(getattr(scoring, name)(table), np.nanmean(points, axis=1))


def test_borda_is_the_number_of_systems_less_the_mean_rank():
    table = random_table(1, ties=True)
    mean_rank = np.mean([ranks(column) for column in table.T], axis=0)
    np.testing.assert_allclose(scoring.borda(table) * 4, 5 - mean_rank)


@pytest.mark.parametrize("seed", range(5))
def test_threshold_compares_counts_of_last_places_in_turn(seed):
    table = random_table(seed)
    counts = [
        [int((ranks_of == 5 - k).sum()) for k in range(5)] for ranks_of in np.stack([ranks(c) for c in table.T], axis=1)
    ]
    order = sorted(range(5), key=cmp_to_key(lambda a, b: (counts[a] > counts[b]) - (counts[a] < counts[b])))
    points = scoring.threshold(table)
    for better, worse in pairwise(order):
        assert points[better] > points[worse] or (counts[better] == counts[worse] and points[better] == points[worse])


@pytest.mark.parametrize("seed", range(5))
def test_baldwin_drops_the_last_by_borda_again_and_again(seed):
    table = random_table(seed, ties=True)
    left, out = list(range(5)), []
    while left:
        rank_sums = np.sum([ranks(column[left]) for column in table.T], axis=0)
        gone = [s for s, r in zip(left, rank_sums, strict=True) if r == rank_sums.max()]
        out.append(gone)
        left = [s for s in left if s not in gone]
    points = scoring.baldwin(table)
    for turn, gone in enumerate(out):
        assert (points[gone] == turn).all()


def test_means_leave_missing_cells_out():
    table = np.array([[1.0, 4.0, np.nan], [1.0, 1.0, 8.0], [np.nan] * 3])
    np.testing.assert_allclose(scoring.arithmetic(table, np.array([1.0, 2.0, 1.0])), [3, 11 / 4, np.nan])
    np.testing.assert_allclose(scoring.geometric(table), [2, 2, np.nan])
    with pytest.raises(HeldoutError, match="negative"):
        scoring.geometric(-table)


def test_a_system_without_ballots_has_no_points():
    table = random_table(2)
    table[3] = np.nan
    for rule in (scoring.plurality, scoring.dowdall, scoring.borda, scoring.threshold, scoring.baldwin):
        points = rule(table)
        assert np.isnan(points[3])
        others = rule(np.delete(table, 3, axis=0))
        np.testing.assert_array_equal(ranks(np.delete(points, 3)), ranks(others))


def test_everybody_tied_is_a_tie_under_every_rule():
    for rule in (scoring.plurality, scoring.dowdall, scoring.borda, scoring.threshold, scoring.baldwin):
        assert np.ptp(rule(np.ones((4, 3)))) == 0
