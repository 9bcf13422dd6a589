"""Calibration against scikit-learn, the probe, closed forms and simulated truth."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from heldout.core import HeldoutError, Outcomes
from heldout.core.probe import Snapshot
from heldout.core.split import IID
from heldout.probes.calibration import calibration
from heldout.stats.gaps.calibration import binned, brier, debiased_error, expected_error, maximum_error


def simulated(rng, n, slope=1.0):
    """Confidences in (0, 1) and outcomes; calibrated where slope is 1."""
    sure = rng.beta(2, 2, n)
    return sure, (rng.random(n) < 0.5 + slope * (sure - 0.5)).astype(float)


SURE, RIGHT = simulated(np.random.default_rng(1), 1200, 0.7)


def test_bins_of_equal_width_and_of_equal_mass_are_scikit_learns():
    for cut, strategy in (("width", "uniform"), ("mass", "quantile")):
        accuracy, confidence = calibration_curve(RIGHT, SURE, n_bins=10, strategy=strategy)
        found = binned(SURE, RIGHT, 10, cut)
        assert found.accuracy == pytest.approx(accuracy, abs=0.01)  # a quantile may fall on either side of an item
        assert found.confidence == pytest.approx(confidence, abs=0.01)
        assert found.counts.sum() == 1200
    assert set(binned(SURE, RIGHT, 10, "mass").counts) == {120}


def test_the_expected_error_is_the_probes():
    facts = {"confidence": SURE.astype(np.float32)}
    task = SimpleNamespace(name="t", trials=lambda *_: Outcomes(None, RIGHT.astype(np.float32), facts))
    probe = calibration(Snapshot(task, None, None, None, 0), IID, None, 1200)
    assert expected_error(SURE.astype(np.float32), RIGHT) == pytest.approx(float(probe["error"]), abs=1e-5)


def test_a_worked_example():
    sure, right = [0.9, 0.9, 0.9, 0.9, 0.3, 0.3], [1, 1, 0, 1, 0, 1]
    assert expected_error(sure, right, 10) == pytest.approx(4 / 6 * 0.15 + 2 / 6 * 0.2)
    assert maximum_error(sure, right, 10) == pytest.approx(0.2)
    assert debiased_error(sure, right, 10, "width") == pytest.approx(
        4 / 6 * (0.15**2 - 0.75 * 0.25 / 3) + 2 / 6 * (0.2**2 - 0.25)
    )


def test_chance_alone_makes_an_expected_error_and_the_debiased_one_is_free_of_it():
    rng = np.random.default_rng(2)
    found = np.array(
        [(expected_error(s, r), debiased_error(s, r)) for s, r in (simulated(rng, 300) for _ in range(2000))]
    )
    assert 0.25 < found[:, 0].mean() / np.sqrt(15 / 300) < 0.42
    spread = found[:, 1].std() / np.sqrt(2000)
    assert abs(found[:, 1].mean()) < 3 * spread + 1e-4


def test_the_debiased_error_finds_the_truth():
    rng = np.random.default_rng(3)
    found = [debiased_error(*simulated(rng, 500, 0.5)) for _ in range(500)]
    truth = 0.25 * 0.05  # the mean of (0.5 (s - 0.5))^2, for a beta(2, 2) of variance 1/20
    assert np.mean(found) == pytest.approx(truth, rel=0.05)


def test_murphys_parts_sum_to_the_score_which_is_scikit_learns():
    said = np.round(SURE, 1)
    found = brier(said, RIGHT)
    assert found.score == pytest.approx(brier_score_loss(RIGHT, said))
    assert found.score == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    base = brier(np.full(10, 0.3), [1] * 3 + [0] * 7)
    assert (base.reliability, base.resolution) == pytest.approx((0, 0))
    perfect = brier([1, 1, 0], [1, 1, 0])
    assert perfect.score == 0
    assert perfect.resolution == pytest.approx(perfect.uncertainty)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: expected_error([1.2], [1]), "within 0 and 1"),
        (lambda: expected_error([0.2], [0.5]), "neither 0 nor 1"),
        (lambda: expected_error([0.2, 0.1], [1]), "2 confidences and 1 outcomes"),
        (lambda: expected_error([0.2], [1], 0), "at least one"),
        (lambda: expected_error([0.2], [1], 3, "count"), "'width' or 'mass'"),
        (lambda: debiased_error([0.1, 0.9], [0, 1], 15), "fewer than 15 bins"),
    ],
)
def test_bad_forecasts_are_named(call, message):
    with pytest.raises(HeldoutError, match=message):
        call()
