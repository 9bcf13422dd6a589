import numpy as np
import pytest
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import fit
from heldout.stats.abilities.marginal import marginal, posterior
from heldout.stats.abilities.responses import responses


def test_many_systems_and_few_items(simulate):
    drawn = simulate(800, 12, seed=1)
    data = responses(drawn.outcomes)
    found, after = marginal(data)
    slope = np.sqrt(np.mean(np.log(found.items.slope / drawn.slope) ** 2))
    joint = np.sqrt(np.mean(np.log(fit(data).items.slope / drawn.slope) ** 2))
    assert slope < 0.2 < joint
    assert np.sqrt(np.mean((found.items.difficulty - drawn.difficulty) ** 2)) < 0.25
    assert 0.93 < np.mean(np.abs(found.ability - drawn.ability) < 1.96 * after.spread) < 0.97


def test_the_posterior_is_that_of_a_fine_grid(simulate):
    drawn = simulate(5, 10, seed=2)
    items = Items(drawn.slope, drawn.difficulty, np.zeros(10))
    after = posterior(responses(drawn.outcomes), items)
    grid = np.linspace(-6, 6, 4001)
    p = special.expit(drawn.slope * (grid[:, None] - drawn.difficulty))
    for system in range(5):
        likely = np.exp(-(grid**2) / 2) * np.prod(np.where(drawn.outcomes[system] > 0.5, p, 1 - p), axis=1)
        likely /= likely.sum()
        mean = likely @ grid
        assert after.mean[system] == pytest.approx(mean, abs=1e-4)
        assert after.spread[system] == pytest.approx(np.sqrt(likely @ (grid - mean) ** 2), rel=1e-3)


def test_one_parameter_and_no_guessing(simulate):
    data = responses(simulate(200, 6, slopes=0).outcomes)
    assert np.allclose(marginal(data, "1pl")[0].items.slope, 1)
    with pytest.raises(HeldoutError, match="3pl jointly"):
        marginal(data, "3pl")
