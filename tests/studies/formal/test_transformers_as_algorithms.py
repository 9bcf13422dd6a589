import jax
import numpy as np
import pytest

from heldout.core.measure import Score
from heldout.studies.formal.transformers_as_algorithms import few, many, moved, ridge, study, transformer
from heldout.tasks.formal.regression_prompts import trained_on

KEY = jax.random.key(0)


def test_ridge_is_better_than_nothing_and_not_exact():
    assert many.chance < ridge() < 1.0
    assert ridge() == pytest.approx(
        float(many.trials(many.oracle(), many.splits[-1], KEY, 20_000).score.mean()), abs=0.005
    )


def test_fewer_problems_are_among_more():
    assert np.array_equal(trained_on(few), trained_on(many)[:4])


def test_predictions_depend_on_earlier_examples_only():
    model = transformer.architecture.build(KEY, many.inputs, many.outputs)
    x = many.draw(many.splits[0], KEY, 2).inputs
    changed = model(x.at[:, 5].set(9.0)) - model(x)
    assert np.abs(changed[:, :5]).max() < 1e-6
    assert np.abs(changed[:, 6:]).max() > 1e-4


def test_stability_is_read_on_new_problems():
    leaf = moved(3)
    assert isinstance(leaf, Score)
    assert (leaf.probe, leaf.where) == ("stability.3", "problem")
    assert len(study.measures) == 6
