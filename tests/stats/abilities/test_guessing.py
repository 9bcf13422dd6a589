import numpy as np

from heldout.stats.abilities import guessing, logistic
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.responses import responses


def test_without_floors_the_sums_are_those_of_the_plain_model(simulate):
    drawn = simulate(9, 14)
    data, items = responses(drawn.outcomes), Items(drawn.slope, drawn.difficulty, np.zeros(14))
    for ours, plain in zip(
        guessing.ability_sums(data, drawn.ability, items),
        logistic.ability_sums(data, drawn.ability, items),
        strict=True,
    ):
        assert np.allclose(ours, plain)


def test_guessing_rates_are_found_where_many_guess(simulate):
    drawn = simulate(800, 60, guessing=0.3)
    found = logistic.fit(responses(drawn.outcomes), "3pl")
    # few have an ability at which an item's floor shows: the prior's 0.2 still pulls
    assert 0.21 < np.median(found.items.floor) < 0.33
    assert found.items.floor.mean() > 0.23
    assert np.corrcoef(found.ability, drawn.ability)[0, 1] > 0.9
