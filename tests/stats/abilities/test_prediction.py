import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.prediction import estimated, prediction
from heldout.stats.abilities.responses import counts, responses


def test_curves_predict_better_than_rates_where_slopes_differ(simulate):
    drawn = simulate(150, 200, seed=1, slopes=0.8)
    found = prediction(responses(drawn.outcomes), np.random.default_rng(0))
    assert found.loss < found.plain < found.constant
    assert found.calibration < 0.04
    assert abs(found.cells / 30_000 - 0.1) < 0.01


def test_held_out_cells_do_not_leak():
    """Coins: whoever saw them would beat log 2."""
    outcomes = np.random.default_rng(1).integers(0, 2, (20, 100)).astype(float)
    found = prediction(responses(outcomes), np.random.default_rng(0))
    assert found.loss > 0.67


def test_few_systems_have_their_items_integrated_out(simulate):
    outcomes = simulate(5, 60).outcomes
    ability, items = estimated(responses(outcomes))
    assert ability.shape == (5,)
    assert items.slope.shape == (60,)


def test_counts_and_bad_shares():
    data = counts(np.full((6, 30), 3), np.random.default_rng(0).integers(0, 4, (6, 30)))
    assert prediction(data, np.random.default_rng(0)).loss > 0
    with pytest.raises(HeldoutError, match="strictly between"):
        prediction(data, np.random.default_rng(0), share=1.0)
    with pytest.raises(HeldoutError, match="too few"):
        prediction(responses([[1.0]]), np.random.default_rng(0))
