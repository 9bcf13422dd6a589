import numpy as np
from scipy import special

from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.dispersion import effective, likeness
from heldout.stats.abilities.logistic import Fit
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import counts, responses


def made(rho, seed=0):
    """Counts of 20 whose cells have success rates from a beta distribution of that intraclass correlation."""
    rng = np.random.default_rng(seed)
    ability, difficulty = rng.normal(size=100), rng.normal(size=150)
    p = special.expit(ability[:, None] - difficulty)
    if rho:
        p = rng.beta(p * (1 / rho - 1), (1 - p) * (1 / rho - 1))
    items = Items(np.ones(150), difficulty, np.zeros(150))
    return counts(np.full(p.shape, 20), rng.binomial(20, p)), Fit(ability, items, Prior(), "1pl", 0, 0.0)


def test_the_intraclass_correlation_is_found():
    for rho in (0.0, 0.1, 0.4):
        # the curves are the true ones here: the allowance for fitted ones adds about .01
        assert abs(likeness(*made(rho)) - rho) < 0.03


def test_trials_are_worth_what_they_are():
    data, _ = made(0.2)
    found = effective(data, 0.2)
    assert np.allclose(found.tried, 20 / (1 + 19 * 0.2))
    assert np.allclose(found.means(), data.means())
    assert np.allclose(effective(data, 1.0).tried, 1)


def test_single_outcomes_are_left_alone():
    data = responses(np.eye(4))
    assert effective(data, 0.5) is data
    assert likeness(data, made(0)[1]) == 0
