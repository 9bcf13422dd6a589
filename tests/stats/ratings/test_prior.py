import numpy as np
import pytest

from heldout.stats.ratings import sandwich
from heldout.stats.ratings.bradley_terry import fit
from heldout.stats.ratings.connectivity import connectivity
from heldout.stats.ratings.counts import tally
from heldout.stats.ratings.prior import added, weights


def test_only_pairs_that_lead_out_of_a_group_get_any_and_share_it() -> None:
    counts = tally([0, 0, 0, 1, 2, 2, 3], [1, 2, 3, 2, 1, 3, 2], [1.0] * 7)
    found = weights(counts, connectivity(counts), tied=False)
    assert list(zip(counts.first, counts.second, strict=True)) == [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)]
    np.testing.assert_allclose(found, [1 / 6, 1 / 6, 1 / 6, 0, 0])
    np.testing.assert_allclose(added(counts.counts, found).sum(), 7 + 1)


def test_who_is_linked_both_ways_is_rated_as_without_the_winner_of_everything() -> None:
    inner = ([1, 1, 1, 2, 3, 3], [2, 2, 3, 1, 1, 2], [1.0] * 6)
    alone = fit(tally(*(np.array(x) for x in inner), systems=4))
    with_winner = fit(tally([*inner[0], 0, 0], [*inner[1], 1, 2], [*inner[2], 1.0, 1.0]))
    gaps = [np.diff(one.strength[1:]) for one in (alone, with_winner)]
    np.testing.assert_allclose(gaps[0], gaps[1], atol=0.25)


def test_ties_alone_link_but_do_not_measure() -> None:
    counts = tally([0] * 9, [1] * 9, [1.0] * 7 + [0.5] * 2)
    linked = connectivity(counts)
    assert linked.settled
    assert not linked.circle
    assert weights(counts, linked, tied=True).tolist() == [0.5]
    assert weights(counts, linked, tied=False).tolist() == [0.0]
    found = fit(counts, ties="davidson")
    assert found.strength[0] - found.strength[1] == pytest.approx(np.log(7.5 / 0.5))


def test_a_pair_won_by_one_side_alone_has_the_models_own_error() -> None:
    found = fit(tally([0] * 20, [1] * 20, [1.0] * 20))
    np.testing.assert_allclose(sandwich.covariance(found), found.model)
