import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.assessor import assess

RNG = np.random.default_rng(0)
X = RNG.integers(0, 6, (200, 2)).astype(float)
Y = (RNG.random(200) < 1 / (1 + np.exp(2 * (X.max(axis=1) - 3)))).astype(float)


def test_a_forest_foresees_success():
    pytest.importorskip("sklearn")
    found = assess(X, Y, folds=4)
    assert found.auroc > 0.8
    assert found.calibration < 0.15
    assert found.predicted.shape == (200,)


def test_groups_stay_together():
    groups = np.arange(200) // 20
    seen = []

    def predictor(features, outcomes, asked, seed):
        seen.append(len(asked))
        return np.full(len(asked), outcomes.mean())

    assess(X, Y, groups, folds=5, predictor=predictor)
    assert seen == [40] * 5


def test_what_cannot_be_assessed():
    with pytest.raises(HeldoutError, match="neither 0 nor 1"):
        assess(X, np.full(200, 0.5))
    with pytest.raises(HeldoutError, match="one group"):
        assess(X, Y, np.zeros(200))
    with pytest.raises(HeldoutError, match="an outcome for each"):
        assess(X, Y[:5])
