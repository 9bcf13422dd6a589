import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.forecast import Asking, Columns, forecast

X = np.geomspace(1e3, 1e6, 9)


def columns(y, name="loss", systems=None):
    return Columns("t", "compute", name, np.tile(X, len(y) // 9), np.asarray(y), np.array(systems or ["all"] * len(y)))


def test_rising_shares_get_sigmoids_and_losses_power_laws():
    share = 0.9 / (1 + np.exp(-0.9 * (np.log(X) - 10)))
    laws = {r.law for r in forecast(columns(share, "accuracy"), Asking("compute")).systems[0].laws}
    assert "sigmoid" in laws
    assert "power law" not in laws
    falling = forecast(columns(3 * X**-0.3 + 1), Asking("compute")).systems[0]
    assert falling.law == "power law"
    assert falling.values[1].estimate == pytest.approx(3 * 1e7**-0.3 + 1, rel=1e-6)


def test_a_system_of_equal_scores_keeps_its_last_value_beside_others():
    made = forecast(
        columns([*(3 * X**-0.3), *([-1.0] * 9)], systems=["a"] * 9 + ["b"] * 9), Asking("compute", law="power")
    )
    assert [s.system for s in made.systems] == ["a", "b"]  # equal scores: the last value, said
    assert made.systems[1].law == "last value"


def test_scores_above_the_ceiling_are_an_error():
    with pytest.raises(HeldoutError, match="above the ceiling of 1: give a larger"):
        forecast(columns(np.linspace(0.5, 1.5, 9), "accuracy"), Asking("compute", ceiling=1.0))
