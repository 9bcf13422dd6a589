import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import binom

from heldout.core import IID, Snapshot
from heldout.stats.reliability import mg_pass_at_k
from heldout.tasks.language.sampled_sums import SampledSums
from heldout.tasks.language.stability import stability, table

TASK = SampledSums(numbers=30, share=0.3)


def snapshot(right: float) -> Snapshot:
    """A model that gives the sum with probability `right`, and else the next one or, of the largest, 0."""

    def model(inputs):
        total = inputs.sum(-1).astype(int)
        wrong = jax.nn.one_hot((total + 1) % TASK.outputs, TASK.outputs)
        return jnp.log(right * jax.nn.one_hot(total, TASK.outputs) + (1 - right) * wrong + 1e-30)

    return Snapshot(TASK, None, None, model, 0)


@pytest.mark.parametrize("right", [0.3, 0.7, 0.95])
def test_metrics_are_those_of_independent_answers(right):
    found = {k: float(v) for k, v in stability(snapshot(right), IID, jax.random.key(0), 600).items()}
    law = binom(16, right)
    truth = {
        "greedy": float(right > 0.5),
        "once": right,
        "any": 1 - (1 - right) ** 16,
        "half": law.sf(7),
        "all": right**16,
        "stable": float(law.pmf(np.arange(17)) @ mg_pass_at_k(16).weights),
    }
    assert found == pytest.approx(truth, abs=0.04)


def test_the_table_runs_from_nothing_to_everything():
    found = np.asarray(table(mg_pass_at_k(16)))
    assert found.shape == (49,)
    assert (found[0], found[-1]) == (0, 1)
    assert (np.diff(found) >= 0).all()
