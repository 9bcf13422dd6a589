import numpy as np
import pytest

from heldout.claims import least
from heldout.core.expression import Applied
from heldout.studies.vision import corruptions as study


def test_mean_corruption_error_by_hand():
    """Two types at two severities, one seed: errors of ours 0.1, 0.3 and 0.2, 0.2; of the reference 0.4, 0.4 and 0.1, 0.3."""
    ours = np.array([[1 - (0.1 + 0.3) / 2], [1 - (0.2 + 0.2) / 2]])
    reference = np.array([[1 - (0.4 + 0.4) / 2], [1 - (0.1 + 0.3) / 2]])
    published = 100 * ((0.1 + 0.3) / (0.4 + 0.4) + (0.2 + 0.2) / (0.1 + 0.3)) / 2
    assert study.ratios(np.concatenate([ours, reference])) == pytest.approx([published])


def test_relative_error_by_hand():
    clean, corrupted = 0.05, np.array([0.25, 0.45])
    reference_clean, reference = 0.1, np.array([0.3, 0.5])
    scores = 1 - np.concatenate([[clean], corrupted, [reference_clean], reference])[:, None]
    published = 100 * ((0.25 - 0.05) / (0.3 - 0.1) + (0.45 - 0.05) / (0.5 - 0.1)) / 2
    assert study.relative_ratios(scores) == pytest.approx([published])


def test_the_reference_stands_at_one_hundred():
    scores = np.random.default_rng(0).random((15, 4)) * 0.5
    assert np.allclose(study.ratios(np.concatenate([scores, scores])), 100)
    assert np.allclose(study.relative_ratios(np.concatenate([scores, scores])), 100)


def test_fifteen_types_enter_each_error():
    errors = [study.corruption_error(t, study.cnn) for t in (study.digits, study.mnist)]
    assert all(isinstance(e, Applied) and len(e.inputs) == 30 for e in errors)
    assert len(study.relative_corruption_error(study.digits, study.cnn).parts) == 32


def test_every_claim_could_be_decided_within_the_budget():
    for name in study.study.claims:
        assert least(study.study.claims, name, study.study.budget) is not None
