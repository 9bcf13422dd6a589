import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models import shrinking
from heldout.tasks.estimation.shrunken import Shrunken

TASK = Shrunken()


@pytest.mark.parametrize("way", ["informative", "stratified", "random", "stratified_mean", "random_mean"])
def test_every_way_beats_a_constant(way):
    seen = TASK.observe(TASK.splits[1], words("a"))
    made = getattr(shrinking, way)(seen, words("b"))
    truth = seen.held.mean(axis=1)
    assert np.abs(made - truth).mean() < np.abs(truth - seen.known.mean()).mean()
    assert made.shape == (25,)
