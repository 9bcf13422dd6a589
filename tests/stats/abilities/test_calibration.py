import math

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.calibration import auroc, calibration_error, log_loss


def test_against_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    p = np.round(rng.random(200), 1) * 0.9 + 0.05
    y = (rng.random(200) < p).astype(int)
    assert auroc(p, y) == pytest.approx(metrics.roc_auc_score(y, p))
    assert log_loss(p, y) == pytest.approx(metrics.log_loss(y, p))


def test_calibration_by_hand():
    assert calibration_error([0.2, 0.2, 0.8, 0.8], [0, 0, 1, 1], bins=2) == pytest.approx(0.2)
    assert calibration_error([0.5] * 4, [0, 1, 0, 1], bins=1) == 0


def test_one_kind_of_outcome_has_no_order():
    assert math.isnan(auroc([0.1, 0.2], [1, 1]))


def test_what_is_no_probability():
    with pytest.raises(HeldoutError, match="no probability"):
        log_loss([1.2], [1])
    with pytest.raises(HeldoutError, match="2 predictions for 1"):
        auroc([0.1, 0.2], [1])
