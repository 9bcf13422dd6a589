import numpy as np
import pytest
from scipy.optimize import minimize

from heldout.core import HeldoutError
from heldout.stats.ratings import newton
from heldout.stats.ratings.bradley_terry import fit
from heldout.stats.ratings.counts import tally
from heldout.stats.ratings.outcomes import log_likelihood

TRUTH = np.array([1.0, 0.3, 0.0, -0.4, -0.9])


def test_two_players_have_the_log_odds_of_their_wins() -> None:
    found = fit(tally([0] * 10, [1] * 10, [1] * 7 + [0] * 3))
    np.testing.assert_allclose(found.strength, np.array([0.5, -0.5]) * np.log(7 / 3))
    difference = found.model[0, 0] + found.model[1, 1] - 2 * found.model[0, 1]
    assert difference == pytest.approx(1 / 7 + 1 / 3)


def test_two_players_with_ties_have_closed_forms() -> None:
    counts = tally([0] * 20, [1] * 20, [1] * 9 + [0.5] * 6 + [0] * 5)
    davidson = fit(counts, ties="davidson")
    assert davidson.strength[0] - davidson.strength[1] == pytest.approx(np.log(9 / 5))
    assert davidson.tie == pytest.approx(np.log(6 / np.sqrt(45)))
    rao = fit(counts, ties="rao-kupper")
    win, loss = np.log(9 / 11), np.log(5 / 15)  # both probabilities are met exactly: gap - tie and -gap - tie
    assert rao.strength[0] - rao.strength[1] == pytest.approx((win - loss) / 2)
    assert rao.tie == pytest.approx(-(win + loss) / 2)


@pytest.mark.parametrize(("ties", "tie"), [("half", 0.0), ("davidson", -0.2), ("rao-kupper", 0.5)])
@pytest.mark.parametrize("order", [False, True])
def test_the_fit_is_the_maximum_of_the_likelihood(battles, ties, tie, order) -> None:
    made = battles(TRUTH, 300, np.random.default_rng(5), ties=ties, tie=tie, order=0.4 * order)
    counts = tally(*made, ordered=order)
    found = fit(counts, ties=ties, order=order)

    def loss(x: np.ndarray) -> float:
        strength = np.append(x[:4], -x[:4].sum())
        gap = strength[counts.first] - strength[counts.second] + (x[4] if order else 0)
        return -log_likelihood(ties, counts.counts.T, gap, x[-1] if ties != "half" else 0.0).sum()

    start = np.concatenate([np.zeros(4), np.zeros(int(order)), np.full(int(ties != "half"), 0.3)])
    peer = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 20_000, "xatol": 1e-9, "fatol": 1e-12})
    np.testing.assert_allclose(found.strength[:4], peer.x[:4], atol=1e-5)
    assert found.log_likelihood == pytest.approx(-peer.fun)
    if order:
        assert found.order == pytest.approx(peer.x[4], abs=1e-5)
    if ties != "half":
        assert found.tie == pytest.approx(peer.x[-1], abs=1e-5)


def test_who_wins_everything_is_rated_with_a_prior_and_so_it_says() -> None:
    found = fit(tally([0, 0, 1, 2], [1, 2, 2, 1], [1, 1, 1, 1]))
    assert found.prior.tolist() == [0.25, 0.25, 0.0]
    assert found.strength.argmax() == 0
    assert np.isfinite(found.model).all()
    assert found.strength[1] == pytest.approx(found.strength[2])


def test_groups_that_never_met_are_centred_one_by_one() -> None:
    found = fit(tally([0, 0, 0, 2, 2], [1, 1, 1, 3, 3], [1, 1, 0, 0, 1]))
    np.testing.assert_allclose(found.strength, [np.log(2) / 2, -np.log(2) / 2, 0, 0], atol=1e-9)


def test_order_is_worth_what_it_was(battles) -> None:
    made = battles(TRUTH, 40_000, np.random.default_rng(1), ties="davidson", tie=-0.5, order=0.3)
    found = fit(tally(*made, ordered=True), ties="davidson", order=True)
    assert abs(found.order - 0.3) < 4 * np.sqrt(found.model[5, 5])
    assert abs(found.tie + 0.5) < 4 * np.sqrt(found.model[6, 6])
    assert np.abs(found.strength - TRUTH).max() < 0.1


def test_without_a_tie_there_is_no_tie_to_model() -> None:
    found = fit(tally([0, 0, 0], [1, 1, 1], [1, 1, 0]), ties="davidson")
    assert np.isnan(found.tie)
    assert found.strength[0] == pytest.approx(np.log(2) / 2)


def test_what_cannot_be_fitted_is_said() -> None:
    counts = tally([0, 0], [1, 1], [1, 0])
    with pytest.raises(HeldoutError, match="kept who came first"):
        fit(counts, order=True)
    with pytest.raises(HeldoutError, match="every battle is a tie"):
        fit(tally([0, 0], [1, 1], [0.5, 0.5]), ties="davidson")


def test_a_search_that_does_not_end_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(newton, "STEPS", 2)
    with pytest.raises(HeldoutError, match="did not converge in 2 steps"):
        fit(tally([0] * 10, [1] * 10, [1] * 9 + [0]))


def test_no_maximum_no_convergence() -> None:
    with pytest.raises(HeldoutError, match="not linked by wins both ways"):
        fit(tally([0, 0, 1, 2], [1, 2, 2, 1], [1, 1, 1, 1]), prior=0.0)
