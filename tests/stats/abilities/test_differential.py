import numpy as np
import pytest
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.differential import differential
from heldout.stats.abilities.responses import responses


def test_items_with_an_advantage_are_found_and_the_level_is_kept(simulate):
    drawn = simulate(200, 300, seed=1)
    group = np.arange(200) < 100
    outcomes = drawn.outcomes.copy()
    eta = drawn.slope[:5] * (drawn.ability[:, None] - drawn.difficulty[:5]) + 2.0 * group[:, None]
    outcomes[:, :5] = np.random.default_rng(0).random((200, 5)) < special.expit(eta)
    found = differential(responses(outcomes), drawn.ability, group)
    assert (found.advantage[:5] > 0.7).all()
    assert (found.uniform[:5] < 0.05).sum() >= 4
    assert found.adjusted[:5].min() < 0.05
    # 295 items without: the share below .05 has a standard error of .013
    assert 0.01 < np.mean(found.uniform[5:] < 0.05) < 0.1
    assert 0.01 < np.mean(found.any[5:] < 0.05) < 0.1


def test_the_regression_is_that_of_statsmodels(simulate):
    sm = pytest.importorskip("statsmodels.api")
    drawn = simulate(400, 2, seed=2)
    group = np.random.default_rng(1).random(400) < 0.5
    found = differential(responses(drawn.outcomes), drawn.ability, group)
    theta = (drawn.ability - drawn.ability.mean()) / drawn.ability.std()
    design = np.stack([np.ones(400), theta, group - 0.5], axis=1)
    peer = sm.Logit(drawn.outcomes[:, 0], design).fit(disp=0)
    assert found.advantage[0] == pytest.approx(peer.params[2], abs=0.02)
    without = sm.Logit(drawn.outcomes[:, 0], design[:, :2]).fit(disp=0)
    assert found.uniform[0] == pytest.approx(special.chdtrc(1, 2 * (peer.llf - without.llf)), abs=0.02)


def test_groups_must_have_two_systems():
    with pytest.raises(HeldoutError, match="at least two"):
        differential(responses(np.eye(4)), np.zeros(4), [True, False, False, False])
    with pytest.raises(HeldoutError, match="one each"):
        differential(responses(np.eye(4)), np.zeros(3), np.zeros(4, bool))
