import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.core.seeds import words
from heldout.tasks.estimation.shrunken import Shrunken

TASK = Shrunken()
SPLITS = {s.name: s for s in TASK.splits}


def test_what_is_seen_is_what_the_split_says():
    seen = TASK.observe(SPLITS["iid"], words("a"))
    assert seen.known.shape == (125, 240)
    assert seen.keep == 12
    assert TASK.observe(SPLITS["20-known"], words("a")).known.shape == (20, 240)
    assert TASK.observe(SPLITS["48-kept"], words("a")).keep == 48
    assert np.bincount(seen.part).tolist() == [40] * 6


def test_parts_are_as_alike_as_they_should_be():
    def alike(split):
        means = np.concatenate(
            [TASK.observe(SPLITS[split], words(i)).known.reshape(125, 6, 40).mean(axis=2) for i in range(8)]
        )
        return np.corrcoef(means.T)[np.triu_indices(6, 1)].mean()

    assert alike("iid") > 0.55
    assert alike("correlation-0.2") < 0.3


def test_guessing_raises_scores():
    low, high = (TASK.observe(SPLITS[s], words("a")).known.mean() for s in ("iid", "guessing-0.25"))
    assert high > low + 0.05


def test_the_oracle_is_right_and_nobody_asks_too_much():
    made = TASK.trials(TASK.oracle(), SPLITS["iid"], words("a"), 3)
    assert np.allclose(made.score, 1)
    with pytest.raises(HeldoutError, match="13 items asked, and 12 may be"):
        TASK.observe(SPLITS["iid"], words("a")).ask(np.arange(13))
    assert len(TASK.samples(SPLITS["iid"], words("a"), 2)) == 2
    assert TASK.truth(SPLITS["iid"], words("a")).shape == (25,)
