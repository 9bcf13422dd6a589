import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.ratings.agi_elo import calibration, mastery, rate


def rasch(models: int, cases: int, rng: np.random.Generator):
    ability, difficulty = rng.normal(0, 1, models), rng.normal(0, 1, cases)
    p = 1 / (1 + np.exp(difficulty[None, :] - ability[:, None]))
    return ability, difficulty, p, (rng.random(p.shape) < p).astype(float)


def test_both_sides_are_ordered_as_they_were_made_and_scores_are_foretold() -> None:
    rng = np.random.default_rng(0)
    ability, difficulty, p, scores = rasch(20, 400, rng)
    scores[rng.random(scores.shape) < 0.3] = np.nan
    found = rate(scores, rng)
    assert np.corrcoef(found.systems.rating, ability)[0, 1] > 0.95
    assert np.corrcoef(found.cases.rating, difficulty)[0, 1] > 0.8
    assert np.abs(found.expected() - p).mean() < 0.12
    assert found.systems.deviation.max() < 60 < found.cases.deviation.min()


def test_mastery_is_what_remains() -> None:
    rng = np.random.default_rng(1)
    found = rate(np.vstack([np.ones(100), np.zeros(100)]), rng)
    made = mastery(found)
    assert made.below.shape == (2, 3)
    assert (made.below[1] == 1).all()
    assert made.below[0, 0] < made.below[1, 0]
    assert (np.diff(made.below, axis=1) >= 0).all()
    assert (made.gap[1] > made.gap[0]).all()
    assert (np.diff(made.gap, axis=1) >= 0).all()


def test_calibration_by_hand() -> None:
    expected = np.array([[0.05, 0.05, 0.95, 0.5]])
    observed = np.array([[0.0, 1.0, 1.0, np.nan]])
    mean, root = calibration(expected, observed)
    assert mean == pytest.approx((2 * 0.45 + 0.05) / 3)
    assert root == pytest.approx(np.sqrt((2 * 0.45**2 + 0.05**2) / 3))


def test_scores_are_shares() -> None:
    with pytest.raises(HeldoutError, match="normalise them"):
        rate(np.array([[0.0, 3.0]]), np.random.default_rng(0))
    with pytest.raises(HeldoutError, match="at least one of them asked"):
        rate(np.full((2, 2), np.nan), np.random.default_rng(0))
