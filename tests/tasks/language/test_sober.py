import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import binom, ttest_1samp

from heldout.core import IID, Snapshot
from heldout.tasks.language import sober as module
from heldout.tasks.language.sampled_sums import SampledSums
from heldout.tasks.language.sober import _drawn, _t, sober

TASK = SampledSums(numbers=40, share=0.67)


def snapshot(margin: float) -> Snapshot:
    """A model whose right answer is ahead of one wrong one by `margin`, which differs from question to question."""

    def model(inputs):
        total = inputs.sum(-1).astype(int)
        ahead = margin + jnp.sin(1.7 * total) * 2
        wrong = jax.nn.one_hot((total + 1) % TASK.outputs, TASK.outputs)
        return ahead[:, None] * jax.nn.one_hot(total, TASK.outputs) - 1e4 * (
            1 - wrong - jax.nn.one_hot(total, TASK.outputs)
        )

    return Snapshot(TASK, None, None, model, 0)


def test_numbers_right_are_binomial():
    p = jnp.array([0.0, 0.2, 0.7, 1.0])[:, None] * jnp.ones((4, 5_000))
    for draws in (1, 20):
        found = np.asarray(_drawn(p, draws, jax.random.key(0)))
        assert found.mean(axis=1) / draws == pytest.approx([0.0, 0.2, 0.7, 1.0], abs=0.025)
        assert found.var(axis=1) == pytest.approx([0, 0.16 * draws, 0.21 * draws, 0], rel=0.1, abs=1e-9)
    often = np.bincount(np.asarray(_drawn(p[1], 20, jax.random.key(1))).astype(int), minlength=21) / 5_000
    assert often == pytest.approx(binom.pmf(np.arange(21), 20, 0.2), abs=0.025)


def test_t_is_students():
    rows = np.random.default_rng(0).standard_normal((3, 30)).astype(np.float32)
    assert np.asarray(_t(jnp.asarray(rows))) == pytest.approx(ttest_1samp(rows, 0, axis=1).statistic, rel=1e-4)
    assert float(_t(jnp.zeros(30))) == 0


def test_what_chance_does_and_what_the_test_forbids(monkeypatch):
    monkeypatch.setattr(module, "TRIALS", 80)
    model = snapshot(0.7)
    asked = jax.jit(lambda key: sober(model, IID, key, 528))(jax.random.key(0))
    found = {k: float(v) for k, v in asked.items()}
    _, batch = TASK.different(IID, jax.random.key(0), 528)
    p = np.asarray(jax.nn.softmax(model.model(batch.inputs)))[np.arange(528), np.asarray(batch.targets)]
    for size in (30, 500):
        error = np.sqrt((p * (1 - p)).mean() / size)
        assert found[f"spread_{size}"] == pytest.approx(error, rel=0.1)
        assert found[f"holm_{size}"] < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 80)
    assert found["best_30"] > found["pair_30"] > found["pair_500"]
    assert found["gain"] > 0
    assert found["found_500"] >= found["found_30"]
    assert found["misordered_30"] > found["misordered_500"]
