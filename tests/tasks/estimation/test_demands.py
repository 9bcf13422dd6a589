import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.tasks.estimation.demands import Foreseen, Profiled

PROFILED, FORESEEN = Profiled(), Foreseen()


def test_one_demand_stands_out_unless_all_are_alike():
    split, alike = PROFILED.splits
    demands = np.sort(PROFILED.observe(split, words("a")).demands, axis=1)
    assert (demands[:, -1] - demands[:, -2] >= 1).all()
    assert (np.diff(np.sort(PROFILED.observe(alike, words("a")).demands, axis=1), axis=1)[:, -1] == 0).mean() > 0.2


def test_the_same_system_has_the_same_ability_on_every_split():
    a, b = (PROFILED.truth(s, words("a")) for s in PROFILED.splits)
    assert a == b
    assert 1.5 <= a <= 4


def test_an_interval_is_graded():
    split = PROFILED.splits[0]
    assert PROFILED.trials(PROFILED.oracle(), split, words("a"), 2).score.tolist() == [1, 1]
    assert PROFILED.trials(lambda *_: (9.0, 9.5), split, words("a"), 2).score.tolist() == [0, 0]
    assert "items solved" in PROFILED.samples(split, words("a"), 1)[0].text


@pytest.mark.parametrize(("place", "groups"), [(1, 20), (2, 5)])
def test_what_is_held_out_together_is_foreseen_together(place, groups):
    seen = FORESEEN.observe(FORESEEN.splits[place], words("a"))
    together = seen.known.reshape(groups, -1)
    assert (together.all(axis=1) | ~together.any(axis=1)).all()
    assert 0 < (~seen.known).mean() <= 0.25
    assert np.isnan(seen.outcomes[~seen.known]).all()


def test_the_best_possible_order_is_good_and_a_constant_is_chance():
    split = FORESEEN.splits[0]
    truth = FORESEEN.truth(split, words("a").split(0))
    seen = FORESEEN.observe(split, words("a").split(0))
    assert FORESEEN.trials(lambda s, _k: truth[~s.known], split, words("a"), 1).score[0] == 1
    assert FORESEEN.trials(lambda s, _k: np.full((~s.known).sum(), 0.5), split, words("a"), 1).score[0] == 0.5
    assert FORESEEN.oracle() is None
    assert "items to foresee" in FORESEEN.samples(split, words("a"), 1)[0].text
    assert seen.demands.min() >= 0
    assert seen.demands.max() <= 5
