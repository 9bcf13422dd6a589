import numpy as np
from scipy import special

from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import Fit
from heldout.stats.abilities.misfit import misfit
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import counts, responses


def known(drawn):
    items = Items(drawn.slope, drawn.difficulty, np.zeros(len(drawn.slope)))
    return Fit(drawn.ability, items, Prior(), "2pl", 0, 0.0)


def test_true_curves_fit_their_own_data(simulate):
    drawn = simulate(300, 400)
    found = misfit(responses(drawn.outcomes), known(drawn))
    for part in found:
        assert abs(part.infit.mean() - 1) < 0.02
        assert abs(part.outfit.mean() - 1) < 0.05
        assert abs(part.z_infit.mean()) < 0.2
        assert 0.85 < part.z_infit.std() < 1.15


def test_an_erratic_item_stands_out(simulate):
    drawn = simulate(200, 50)
    outcomes = drawn.outcomes.copy()
    outcomes[:, 3] = np.random.default_rng(1).integers(0, 2, 200)
    z = misfit(responses(outcomes), known(drawn)).items.z_infit
    assert z.argmax() == 3
    assert z[3] > 3


def test_the_mean_squares_of_a_small_table_by_hand():
    fit = Fit(np.array([0.0, 1.0]), Items(np.ones(1), np.zeros(1), np.zeros(1)), Prior(), "2pl", 0, 0.0)
    p = special.expit(np.array([0.0, 1.0]))
    square, variance = (np.array([1, 0]) - p) ** 2, p * (1 - p)
    found = misfit(responses([[1], [0]]), fit).items
    assert np.isclose(found.outfit[0], (square / variance).mean())
    assert np.isclose(found.infit[0], square.sum() / variance.sum())


def test_counts_have_mean_squares_of_one(simulate):
    drawn = simulate(100, 100)
    p = special.expit(drawn.slope * (drawn.ability[:, None] - drawn.difficulty))
    wins = np.random.default_rng(0).binomial(9, p)
    found = misfit(counts(np.full(p.shape, 9), wins), known(drawn)).items
    assert abs(found.infit.mean() - 1) < 0.03
    assert 0.8 < found.z_infit.std() < 1.2
