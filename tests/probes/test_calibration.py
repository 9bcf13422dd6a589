from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import IID, HeldoutError, Outcomes, Snapshot
from heldout.probes.calibration import calibration
from heldout.probes.confusion import confusion
from heldout.probes.score import score


def snapshot(right, **facts):
    outcomes = Outcomes(np.zeros((len(right), 2)), jnp.asarray(right, float), facts)
    task = SimpleNamespace(name="toy", outputs=3, trials=lambda model, split, key, n: outcomes)
    return Snapshot(task, None, None, None, 0)


def test_score_is_what_trials_give():
    one = snapshot([1, 0])
    assert score(one, IID, None, 2) is one.task.trials(None, IID, None, 2)


def test_calibration_error_by_hand():
    # Bin of 0.9: one of two right, gap |0.5 - 0.9|; bin of 0.5: both right, gap |1 - 0.5|; each holds half.
    found = calibration(snapshot([1, 0, 1, 1], confidence=jnp.array([0.9, 0.9, 0.5, 0.5])), IID, None, 4)
    assert found["error"] == pytest.approx(0.5 * 0.4 + 0.5 * 0.5)
    assert found["confidence"] == pytest.approx(0.7)


def test_honest_confidence_is_calibrated():
    rng = np.random.default_rng(0)
    confidence = rng.random(200_000)
    right = rng.random(200_000) < confidence
    found = calibration(snapshot(right, confidence=jnp.asarray(confidence)), IID, None, 0)
    assert found["error"] < 0.005


def test_confusion_counts_by_class():
    labels, answers = jnp.array([0, 0, 1, 1, 1]), jnp.array([0, 1, 1, 1, 1])
    found = confusion(snapshot([1, 0, 1, 1, 1], label=labels, answer=answers), IID, None, 5)
    assert len(found) == 9
    assert (found["0.0"], found["0.1"], found["1.1"], found["2.2"]) == (0.5, 0.5, 1.0, 0.0)


def test_a_fact_that_is_not_told_is_named():
    with pytest.raises(HeldoutError, match="confidence"):
        calibration(snapshot([1]), IID, None, 1)
