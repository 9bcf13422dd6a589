import numpy as np
import pytest

from heldout.stats.ratings import sandwich
from heldout.stats.ratings.bradley_terry import fit
from heldout.stats.ratings.counts import Counts, tally
from heldout.stats.ratings.resampling import Drawer, bootstrap

TRUTH = np.array([0.8, 0.2, -0.2, -0.8])


@pytest.mark.parametrize(("ties", "order"), [("half", False), ("davidson", True), ("rao-kupper", False)])
def test_refits_together_are_refits_one_by_one(battles, ties, order) -> None:
    made = battles(TRUTH, 200, np.random.default_rng(0), ties="davidson", tie=-0.3)
    found = fit(tally(*made, ordered=order), ties=ties, order=order)
    refits = bootstrap(found, 20, np.random.default_rng(1)).parameters
    drawn = Drawer(found.counts).draw(20, np.random.default_rng(1))
    assert drawn.sum(axis=(0, 1)).tolist() == [200] * 20
    for b in range(20):
        one = Counts(4, found.counts.first, found.counts.second, drawn[:, :, b], order)
        np.testing.assert_allclose(refits[b], fit(one, ties=ties, order=order).parameters, atol=1e-5)


def test_its_spread_is_the_sandwichs(battles) -> None:
    made = battles(TRUTH, 2_000, np.random.default_rng(2), ties="davidson", tie=0.0)
    who = np.random.default_rng(3).integers(0, 100, 2_000)
    for cluster in (None, who):
        found = fit(tally(*made, cluster=cluster))
        drawn = bootstrap(found, 600, np.random.default_rng(4))
        ratio = drawn.parameters.std(axis=0) / np.sqrt(np.diag(sandwich.covariance(found)))
        np.testing.assert_allclose(ratio, 1, atol=0.12)
        low, high = drawn.interval(4)
        assert ((low < found.strength) & (found.strength < high)).all()
        assert drawn.degenerate == 0


def test_a_resample_without_the_only_win_is_fitted_with_the_prior_and_counted() -> None:
    found = fit(tally([0] * 12, [1] * 12, [1] * 11 + [0]))
    drawn = bootstrap(found, 300, np.random.default_rng(5))
    assert abs(drawn.degenerate / 300 - (11 / 12) ** 12) < 0.09
    assert np.abs(drawn.parameters).max() == pytest.approx(np.log(12.5 / 0.5) / 2)


def test_many_battles_are_drawn_cell_by_cell(battles) -> None:
    found = fit(tally(*battles(TRUTH[:2], 5_000, np.random.default_rng(6))))
    drawn = bootstrap(found, 400, np.random.default_rng(7))
    error = np.sqrt(np.diag(sandwich.covariance(found)))
    np.testing.assert_allclose(drawn.parameters.std(axis=0) / error, 1, atol=0.12)
