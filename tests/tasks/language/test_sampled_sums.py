import jax
import numpy as np
import pytest

from heldout.core import IID, TRAIN
from heldout.tasks.language.sampled_sums import SampledSums

TASK = SampledSums(numbers=12, share=0.6)


def test_every_pair_is_trained_on_or_asked():
    train, asked = ({tuple(p) for p in TASK.pairs(s).tolist()} for s in (TRAIN, IID))
    assert train.isdisjoint(asked)
    assert len(train | asked) == 144
    assert len(train) == round(0.6 * 144)


def test_lamps_say_the_numbers():
    chosen, batch = TASK.different(IID, jax.random.key(0), 20)
    lamps = np.asarray(batch.inputs).reshape(20, 2, 12)
    assert (lamps.sum(-1) == np.asarray(chosen)).all()
    assert (np.asarray(batch.targets) == np.asarray(chosen).sum(-1)).all()
    assert len(np.unique(np.asarray(chosen), axis=0)) == 20


@pytest.mark.parametrize("split", [TRAIN, IID])
def test_the_oracle_counts_lamps(split):
    found = TASK.trials(TASK.oracle(), split, jax.random.key(1), 30)
    assert np.asarray(found.score).tolist() == [1.0] * 30
