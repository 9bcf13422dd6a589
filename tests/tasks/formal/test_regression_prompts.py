import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.linear_model import Ridge as Reference

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.probes.stability import stability
from heldout.tasks.formal.episodes import asked, parted
from heldout.tasks.formal.regression_prompts import NEW, RegressionPrompts, trained_on

KEY = jax.random.key(0)
task = RegressionPrompts(3, 6, 5, 0.3)
TRAIN, IID, SHIFTED = task.splits


def test_prompts_are_linear_in_a_problem_that_the_split_may_ask():
    for split in task.splits:
        found = jax.jit(lambda key, split=split: task.draw(split, key, 60))(KEY)
        points, shown = (np.asarray(x, float) for x in parted(found.inputs, 3))
        values = np.asarray(asked(found.targets), float)
        weights = np.array([np.linalg.lstsq(x, y, rcond=None)[0][:, 0] for x, y in zip(points, values, strict=True)])
        assert np.einsum("nmd,nd->nm", points, weights) == pytest.approx(values[..., 0], abs=1e-4)
        assert (shown - values).std() == pytest.approx(0.3, rel=0.15)
        gaps = np.abs(weights[:, None] - trained_on(task)).max(-1).min(-1)
        assert (gaps.min() > 1e-3) if split.axis == NEW else (gaps.max() < 1e-3)


def test_ridge_is_that_of_the_reference_at_every_length():
    found = task.draw(SHIFTED, KEY, 4)
    points, shown = (np.asarray(x, float) for x in parted(found.inputs, 3))
    given = np.asarray(asked(task.oracle()(found.inputs)))[..., 0]
    assert given[:, 0].tolist() == [0.0] * 4
    for row in range(4):
        for k in range(1, 6):
            fitted = Reference(alpha=3 * 0.3**2, fit_intercept=False).fit(points[row, :k], shown[row, :k, 0])
            assert given[row, k] == pytest.approx(fitted.predict(points[row, k : k + 1])[0], abs=1e-4)


def test_ridge_errs_as_the_posterior_says():
    found = task.draw(SHIFTED, KEY, 20_000)
    error = np.square(asked(task.oracle()(found.inputs) - found.targets)[:, -1, 0]).mean()
    points = np.asarray(parted(found.inputs, 3)[0], float)
    precision = np.einsum("nmi,nmj->nij", points[:, :-1], points[:, :-1]) / 0.3**2 + 3 * np.eye(3)
    wanted = np.einsum("ni,nij,nj->n", points[:, -1], np.linalg.inv(precision), points[:, -1]).mean()
    assert error == pytest.approx(wanted, rel=0.05)


def test_chance_is_what_saying_nothing_scores():
    silent = task.trials(lambda x: 0.0 * x[..., :1], SHIFTED, KEY, 20_000)
    assert silent.score.mean() == pytest.approx(task.chance, abs=0.01)
    assert 0.0 <= silent.score.min() <= silent.score.max() <= 1.0
    assert float(silent.facts["distance"].min()) > 0.0
    assert float(task.trials(lambda x: x[..., :1], IID, KEY, 50).facts["distance"].max()) < 1e-3


def test_replacing_changes_the_first_example_only_and_keeps_the_problem():
    before, after = task.replaced(IID, KEY, 30)
    assert before.inputs.shape == (30, 12, 5)
    assert np.array_equal(before.inputs[:, 2:], after.inputs[:, 2:])
    assert not np.isclose(before.inputs[:, :2, :3], after.inputs[:, :2, :3]).any(axis=(1, 2)).all()
    weights = [np.linalg.lstsq(x, y, rcond=None)[0] for x, y in zip(*_plain(before), strict=True)]
    for (x, y), w in zip(zip(*_plain(after), strict=True), weights, strict=True):
        assert x @ w == pytest.approx(y, abs=1e-3)


def _plain(found):
    return np.asarray(parted(found.inputs, 3)[0], float), np.asarray(asked(found.targets), float)


def test_stability_is_how_far_predictions_move():
    def mean_of_first(inputs):  # says the first value shown, once it has been
        return jnp.broadcast_to(inputs[:, 1:2, 3:4], (*inputs.shape[:2], 1))

    found = stability(Snapshot(task, None, None, mean_of_first, 0), IID, KEY, 500)
    before, after = (np.asarray(b.inputs[:, 1, 3]) for b in task.replaced(IID, KEY, 500))
    assert sorted(found) == sorted([f"{p}{k}" for p in ("", "oracle.") for k in range(1, 6)])
    assert float(found["3"]) == pytest.approx(np.abs(after - before).mean(), rel=1e-4)
    assert float(found["oracle.5"]) < float(found["oracle.1"])


def test_stability_needs_a_task_that_replaces():
    with pytest.raises(HeldoutError, match="cannot replace an example"):
        stability(Snapshot(type("Task", (), {"name": "plain"})(), None, None, None, 0), IID, KEY, 5)


@pytest.mark.parametrize(("wrong", "said"), [({"examples": 1}, "examples=1"), ({"noise": 0.0}, "noise=0")])
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        RegressionPrompts(**wrong)
