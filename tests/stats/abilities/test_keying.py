import numpy as np

from heldout.stats.abilities.keying import keying
from heldout.stats.abilities.logistic import fit
from heldout.stats.abilities.responses import responses


def test_turned_items_are_found_and_others_are_not(simulate):
    drawn = simulate(60, 200, seed=1)
    outcomes = drawn.outcomes.copy()
    turned = np.flatnonzero(drawn.slope > 1.5)[:4]
    outcomes[:, turned] = 1 - outcomes[:, turned]
    data = responses(outcomes)
    found = keying(data, fit(data).ability)
    assert (found.p[turned] < 0.05).all()
    assert (np.delete(found.p, turned) < 0.05).sum() <= 1


def test_the_correlation_is_numpys():
    rng = np.random.default_rng(0)
    outcomes, ability = rng.integers(0, 2, (20, 3)).astype(float), rng.normal(size=20)
    outcomes[:5, 1] = np.nan
    outcomes[:, 2] = 1
    found = keying(responses(outcomes), ability)
    assert np.isclose(found.correlation[0], np.corrcoef(outcomes[:, 0], ability)[0, 1])
    assert np.isclose(found.correlation[1], np.corrcoef(outcomes[5:, 1], ability[5:])[0, 1])
    assert np.isnan(found.correlation[2])
    assert found.p[2] == 1
