import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.voting import conditional, condorcet, scoring
from heldout.stats.voting.points import winners

TABLE = np.array([[0.9, 0.8, 0.1], [0.1, 0.2, 0.9], [0.4, 0.4, 0.4], [0.5, 0.45, 0.5]])


def grid(tasks=3, steps=40):
    """All weights on a grid of the simplex."""
    points = np.stack(np.meshgrid(*[np.arange(steps + 1)] * (tasks - 1)), axis=-1).reshape(-1, tasks - 1)
    points = points[points.sum(axis=1) <= steps]
    return np.column_stack([points, steps - points.sum(axis=1)]) / steps


@pytest.mark.parametrize("rule", [scoring.arithmetic, scoring.borda, scoring.plurality, scoring.dowdall])
def test_who_can_win_is_found_by_trying_all_weights(rule):
    can = {
        int(w)
        for weights in grid(steps=20)
        for w in winners(rule(TABLE, weights))
        if len(winners(rule(TABLE, weights))) == 1
    }
    for system in range(4):
        found = conditional.condition(rule, TABLE, system)
        assert found.possible == (system in can)
        if found.possible:
            assert winners(rule(TABLE, np.maximum(found.best, 0))).tolist() == [system]


def test_the_nearest_weights_are_nearest():
    found = conditional.condition(scoring.arithmetic, TABLE, 1)
    assert found.nearest is not None
    assert found.nearest.sum() == pytest.approx(1)
    assert 1 in winners(np.round(scoring.arithmetic(TABLE, found.nearest), 7))
    third = np.full(3, 1 / 3)
    reached = [np.abs(w - third).sum() / 2 for w in grid() if 1 in winners(scoring.arithmetic(TABLE, w))]
    assert found.moved <= min(reached) + 1e-9
    assert found.moved > min(reached) - 2 / 40


def test_a_winner_need_not_move_and_a_dominated_system_cannot():
    assert conditional.condition(scoring.arithmetic, TABLE, 0).moved == pytest.approx(0, abs=1e-8)
    dominated = np.vstack([TABLE, TABLE[3] - 0.01])
    found = conditional.condition(scoring.arithmetic, dominated, 4)
    assert not found.possible
    assert found.nearest is None
    assert found.lead == pytest.approx(-0.01)


def test_condorcet_winners_under_weights():
    for system in range(4):
        found = conditional.condorcet_condition(TABLE, system)
        tried = any(condorcet.condorcet(TABLE, w) == system for w in grid())
        assert found.possible == tried
        if found.possible:
            assert condorcet.condorcet(TABLE, np.maximum(found.best, 0)) == system


def test_what_is_not_linear_is_refused():
    with pytest.raises(HeldoutError, match="no weighted mean"):
        conditional.condition(condorcet.copeland, np.random.default_rng(0).normal(size=(4, 5)), 0)
    with pytest.raises(HeldoutError, match="missing"):
        conditional.condition(scoring.borda, np.array([[1.0, np.nan], [0.0, 1.0]]), 0)
    assert conditional.condition(scoring.borda, TABLE[:1], 0).possible
