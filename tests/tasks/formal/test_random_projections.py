from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import load_digits

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.tasks.formal.episodes import asked, parted
from heldout.tasks.formal.random_projections import SPREAD, Clouds, RandomProjections, bits, different, digits

KEY = jax.random.key(0)
task = RandomProjections(3, 3, 8, 10)
TRAIN, IID, NEW, DATA = task.splits


@partial(jax.jit, static_argnums=(0, 1, 3))
def drawn(task, split, key, n):
    return task.draw(split, key, n)


@partial(jax.jit, static_argnums=(1, 2))
def rows(key, size, shape):
    n, m = shape
    return different(bits(key, (n, m + 1)), size)


@partial(jax.jit, static_argnums=(0, 1, 2))
def asked_with(model, task, split, key):
    return task.trials(model, split, key, 2000)


def test_digits_are_those_of_scikit_learn_and_held_out_ones_are_others():
    known = load_digits()
    train, held = digits(3)
    assert len(train.classes) + len(held.classes) == (known.target < 3).sum()
    assert np.bincount(train.classes).min() > 100
    assert train.points.mean(0) == pytest.approx(np.zeros(64), abs=1e-5)
    assert np.square(train.points).mean() == pytest.approx(1.0, abs=1e-4)
    theirs = known.data[known.target < 3]
    assert np.corrcoef(theirs.std(0), np.concatenate([train.points, held.points]).std(0))[0, 1] > 0.999
    together = {row.tobytes() for row in train.points} & {row.tobytes() for row in held.points}
    assert len(together) < 5


def test_rows_differ_within_an_episode_and_all_come_up_alike():
    found = np.asarray(rows(KEY, 47, (5000, 10)))
    assert all(len(set(row)) == 10 for row in found.tolist())
    counts = np.bincount(found.ravel(), minlength=47)
    assert len(counts) == 47
    assert counts.min() > 0.9 * counts.mean()
    assert counts.max() < 1.1 * counts.mean()


def test_points_are_projections_of_digits_by_as_many_matrices_as_there_are_problems():
    for split, problems in ((TRAIN, 3), (IID, 3), (NEW, 60)):
        made = drawn(task, split, KEY, 2000)
        points, names = (np.asarray(x[:60], float) for x in parted(made.inputs, 8))
        matrices, orders = _solved(points, names.argmax(-1), digits(3)[0 if split.train else 1])
        assert len(matrices) == problems
        assert all(sorted(order) == [0, 1, 2] for order in orders)


def _solved(points, names, data):
    """The matrices and orders of names that explain the episodes, found by trying those of the task."""
    known = list(zip(*map(np.asarray, _known()), strict=True))
    found, orders = set(), set()
    for x, given in zip(points, names, strict=True):
        fits = [i for i, (matrix, order) in enumerate(known) if _explains(x, given, matrix, order, data)]
        found.add(fits[0] if fits else x.tobytes())
        orders |= {tuple(known[i][1].tolist()) for i in fits}
    return found, orders


@jax.jit
def _known():
    start = jax.random.wrap_key_data(jnp.asarray(words("random projections"), jnp.uint32))
    return task._problems(start, jnp.arange(3, dtype=jnp.uint32))


def _explains(points, names, matrix, order, data):
    gaps = np.abs((data.points @ matrix)[None] - points[:, None]).max(-1)
    at = gaps.argmin(1)
    return gaps.min(1).max() < 1e-3 and (order[data.classes[at]] == names).all()


def test_the_rule_for_clouds_is_that_of_a_density_on_a_grid():
    made = drawn(RandomProjections(1, 2, 1, 6), DATA, KEY, 5)
    points, names = (np.asarray(x, float) for x in parted(made.inputs, 1))
    logs = np.asarray(asked(jax.jit(Clouds(1, SPREAD))(made.inputs)), float)
    centres = np.linspace(-8, 8, 4001)
    prior = norm.pdf(centres, scale=np.sqrt(1 - SPREAD**2))
    for row in range(5):
        for k in range(6):
            odds = []
            for c in (0, 1):
                seen = points[row, :k, 0][names[row, :k, c] == 1]
                weight = prior * norm.pdf(seen[:, None], centres, SPREAD).prod(0)
                odds.append((weight * norm.pdf(points[row, k, 0], centres, SPREAD)).sum() / weight.sum())
            wanted = np.log(odds[1] / odds[0])
            assert logs[row, k, 1] - logs[row, k, 0] == pytest.approx(wanted, abs=1e-3)


def test_the_rule_learns_within_an_episode_on_every_split():
    rule = jax.jit(task.oracle())
    for split in task.splits:
        made = drawn(task, split, KEY, 2000)
        right = np.asarray(task.right(made, rule(made.inputs))).mean(0)
        assert right[0] == pytest.approx(task.chance, abs=0.05)
        assert right[-1] > right[2] + 0.1
        assert right[2] > right[0] + 0.1


def test_score_is_that_of_the_last_point():
    found = asked_with(told, task, IID, KEY)
    assert found.score.min() == found.facts["share"].min() == 1.0
    assert (found.facts["answer"] == found.facts["label"]).all()


def told(inputs):
    """Says what is shown next."""
    return jnp.roll(inputs[..., 8:11], -1, 1)


@pytest.mark.parametrize(("wrong", "said"), [({"classes": 11}, "classes=11"), ({"examples": 1}, "examples=1")])
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        RandomProjections(**wrong)
