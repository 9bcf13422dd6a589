import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.probe import Snapshot
from heldout.studies.formal.gpicl import EXAMPLES, after, few, learnt, lstm, many, study, transformer
from heldout.tasks.formal.random_projections import NEW

KEY = jax.random.key(0)


def test_the_larger_network_has_the_smaller_state():
    def size(learner):
        model = jax.eval_shape(lambda key: learner.architecture.build(key, many.inputs, many.outputs), KEY)
        return sum(leaf.size for leaf in jax.tree.leaves(model))

    assert size(lstm) > 1.1 * size(transformer)
    kept = 2 * lstm.architecture.width  # what is shown, and the cells
    read = 2 * transformer.architecture.depth * transformer.architecture.width * (2 * EXAMPLES - 2)  # keys and values
    assert read > 10 * kept


def test_the_course_is_the_share_right_after_so_many_examples():
    def latest(inputs):  # says the name that was shown last
        return jnp.roll(inputs[..., many.dimensions : -1], 1, 1)

    split = next(s for s in many.splits if s.axis == NEW)
    found = jax.jit(lambda key: after(Snapshot(many, None, None, latest, 0), split, key, 500))(KEY)
    names = np.asarray(jax.jit(lambda key: many.draw(split, key, 500).targets)(KEY))[:, ::2]
    assert set(found) == {str(k) for k in range(EXAMPLES)}
    for k in range(1, EXAMPLES):
        assert float(found[str(k)]) == pytest.approx((names[:, k] == names[:, k - 1]).mean(), abs=1e-5)


def test_the_course_is_read_after_every_number_of_examples():
    assert learnt(few, 0, NEW).where == NEW
    assert len(study.measures) == 18
