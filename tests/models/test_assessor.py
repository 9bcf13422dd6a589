import math

import pytest

from heldout.core.seeds import words
from heldout.models.assessor import by_demands, by_texts
from heldout.tasks.estimation.demands import Foreseen, Profiled


def test_demands_give_profiles_and_texts_do_not():
    task = Profiled()
    seen = task.observe(task.splits[0], words("a"))
    low, high = by_demands(seen, words("b"))
    assert 0 < low < high < 6
    assert by_texts(seen, words("b")) == (-math.inf, math.inf)


@pytest.mark.parametrize("model", [by_demands, by_texts])
def test_forests_foresee_better_than_chance(model):
    pytest.importorskip("sklearn")
    task = Foreseen()
    scores = task.trials(model, task.splits[0], words("a"), 4).score
    assert scores.mean() > 0.6
