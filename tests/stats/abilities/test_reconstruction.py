import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import ability_given
from heldout.stats.abilities.reconstruction import WAYS, reconstructed, reconstruction, weights, whole_score
from heldout.stats.abilities.responses import responses


def test_the_formula_by_hand(simulate):
    drawn = simulate(3, 10)
    items, seen = Items(drawn.slope, drawn.difficulty, np.zeros(10)), np.array([0, 4, 7])
    outcomes = responses(drawn.outcomes[:, seen])
    found = reconstructed(items, seen, outcomes, np.full(10, 0.1))
    ability = ability_given(outcomes, items.chosen(seen))
    rest = np.delete(items.probability(ability), seen, axis=1).mean(axis=1)
    assert np.allclose(found, 0.3 * drawn.outcomes[:, seen].mean(axis=1) + 0.7 * rest)


def test_informative_items_with_curves_beat_the_random_mean_on_held_out_systems(simulate):
    data = responses(simulate(150, 200, seed=1).outcomes)
    found = reconstruction(data, 15, np.zeros(200, int), np.random.default_rng(0), repeats=2)
    errors = dict(zip(WAYS, found.error, strict=True))
    assert errors["informative, curves"] < errors["stratified, mean"] < errors["random, mean"] < 0.12
    assert errors["informative, curves"] < 0.06
    assert found.errors.shape == (5, 150)


def test_all_items_leave_no_error(simulate):
    data = responses(simulate(8, 40).outcomes)
    found = reconstruction(data, 40, np.repeat([0, 1], 20), np.random.default_rng(0), folds=2, repeats=1)
    assert np.allclose(found.error, 0)


def test_tasks_weigh_alike():
    weight = weights(np.array([0, 0, 0, 1]))
    assert np.allclose(weight, [1 / 6, 1 / 6, 1 / 6, 1 / 2])
    assert whole_score(responses([[1, 1, 1, 0]]), weight)[0] == pytest.approx(0.5)


def test_few_systems_cannot_be_held_out():
    with pytest.raises(HeldoutError, match="at least four"):
        reconstruction(responses(np.eye(3)), 1, np.zeros(3, int), np.random.default_rng(0))
