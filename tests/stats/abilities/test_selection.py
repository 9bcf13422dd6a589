import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import selection
from heldout.stats.abilities.curve import Items

RNG = np.random.default_rng(0)
ITEMS = Items(np.exp(0.5 * RNG.normal(size=200)), RNG.normal(size=200), np.zeros(200))


def test_informative_items_are_distinct_and_tell_more_than_random_ones():
    ability = RNG.normal(size=50)
    chosen = selection.informative(ITEMS, ability, 30)
    assert len(np.unique(chosen)) == 30
    tells = ITEMS.information(np.quantile(ability, [0.1, 0.5, 0.9]))
    assert (tells[:, chosen].mean(axis=1) > 1.3 * tells.mean(axis=1)).all()


def test_one_item_is_the_best_somewhere_and_all_are_all():
    assert len(selection.informative(ITEMS, np.zeros(3), 1)) == 1
    assert selection.informative(ITEMS, np.zeros(3), 1)[0] == ITEMS.information(0.0).argmax()
    assert selection.informative(ITEMS, RNG.normal(size=5), 200).tolist() == list(range(200))


def test_strata_are_represented_as_in_the_whole():
    task, rate = np.repeat([0, 1], [150, 50]), RNG.random(200)
    chosen = selection.stratified(rate, task, 20, np.random.default_rng(1))
    assert len(np.unique(chosen)) == 20
    assert abs((task[chosen] == 1).sum() - 5) <= 1
    # four tasks of equal items: a common step through all of them would take the same difficulties in each
    task = np.repeat(np.arange(4), 50)
    spread = [
        np.std([rate[selection.stratified(rate, task, 20, np.random.default_rng(s))].mean() for s in range(50)]),
        np.std([rate[selection.random(200, 20, np.random.default_rng(s))].mean() for s in range(50)]),
    ]
    assert spread[0] < 0.4 * spread[1]


@pytest.mark.parametrize("n", [0, 201])
def test_more_than_there_are(n):
    with pytest.raises(HeldoutError, match="choose between 1 and 200"):
        selection.informative(ITEMS, np.zeros(3), n)
