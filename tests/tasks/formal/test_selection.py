"""Problems of choosing items: answers against brute force, scores against a count of items, and what belongs to which split."""

from collections import Counter
from itertools import combinations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN
from heldout.tasks.formal.fractional_knapsack import FractionalKnapsack
from heldout.tasks.formal.knapsack import Knapsack
from heldout.tasks.formal.quickselect import Quickselect
from heldout.tasks.formal.selection import LARGEST, NOISE, draw

KEY = jax.random.key(5)
TASKS = tuple(made(length=(12,), value=(4,), noise=(0.3,)) for made in (Quickselect, Knapsack, FractionalKnapsack))


def subsets(items):
    for size in range(len(items) + 1):
        yield from combinations(range(len(items)), size)


def answered(task, items, asked):
    """All best choices, by trying every one."""
    if isinstance(task, Quickselect):
        wanted = sorted(v for (v,) in items)[asked - 1]
        return [tuple(i for i, (v,) in enumerate(items) if v == wanted)]
    if isinstance(task, FractionalKnapsack):
        return fractions(items, asked)
    allowed = {s: sum(items[i][0] for i in s) for s in subsets(items) if sum(items[i][1] for i in s) <= asked}
    return [s for s in allowed if allowed[s] == max(allowed.values())]


def fractions(items, asked):
    """What a linear program takes some of; where several solutions are as good, any that takes as much."""
    from scipy.optimize import linprog

    value, weight = np.array(items, float).T
    for size in range(1, len(items) + 1):  # the fewest items with which the best value is reached, and all such choices
        whole = -linprog(-value, weight[None], [asked], bounds=(0, 1)).fun
        good = [
            s
            for s in combinations(range(len(items)), size)
            if -linprog(-value[list(s)], weight[None, list(s)], [asked], bounds=(0, 1)).fun > whole - 1e-6
        ]
        if good:
            return good
    return []


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
@pytest.mark.parametrize("name", ["iid", "value-4"])
def test_answers_are_best_among_all_choices(task, name):
    split = next(s for s in task.splits if s.name == name)
    batch = draw(task, split, 10, KEY)
    items = np.round(np.asarray(batch.inputs[..., :-1]) * LARGEST).astype(int)
    scale = 4 if split.axis else 1
    assert items.min() >= 1
    assert 8 * scale < items.max() <= LARGEST * scale
    for one, row, target in zip(items, np.asarray(batch.inputs), np.asarray(batch.targets), strict=True):
        taken = tuple(np.flatnonzero(target).tolist())
        assert taken in answered(task, [tuple(map(int, item)) for item in one], int(task.read(row[0, -1], len(row))))


def test_the_score_is_the_f1_of_items_where_equal_ones_are_interchangeable():
    task = TASKS[0]
    batch = draw(task, IID, 64, KEY)
    targets, taken = np.random.default_rng(2).integers(0, 2, (2, *batch.targets.shape))
    batch = batch._replace(targets=targets)
    found = np.asarray(task.grade(batch, np.stack([1 - taken, taken], -1)))
    for row, target, take, score in zip(np.asarray(batch.inputs), targets, taken, found, strict=True):
        has, should = (Counter(np.round(row[mask == 1, 0] * LARGEST).tolist()) for mask in (take, target))
        assert score == pytest.approx(2 * (has & should).total() / (has.total() + should.total()))
    assert np.allclose(task.grade(batch, jax.nn.one_hot(targets, 2)), 1.0)


def test_taking_nothing_is_right_where_nothing_is_to_be_taken():
    batch = draw(TASKS[0], IID, 64, KEY)
    nothing = jax.nn.one_hot(batch.targets * 0, 2)
    assert TASKS[0].grade(batch, nothing).tolist() == [0.0] * 64
    assert TASKS[0].grade(batch._replace(targets=batch.targets * 0), nothing).tolist() == [1.0] * 64


def test_chance_is_the_score_of_taking_everything():
    task = TASKS[1]
    wanted = np.asarray(draw(task, IID, 512, jax.random.key(9)).targets).sum(-1)
    assert task.chance == pytest.approx((2 * wanted / (8 + wanted)).mean(), abs=0.02)


def test_the_oracle_is_right_where_nothing_is_disturbed_and_deceived_elsewhere():
    task = TASKS[1]
    clean, disturbed = (task.trials(task.oracle(), s, KEY, 64).score for s in task.splits[-2:])
    assert clean.tolist() == [1.0] * 64
    assert task.chance / 2 < disturbed.mean() < 0.9


def test_what_is_asked_is_never_trained_on():
    task = Quickselect(train=4, length=(5,))
    batch = jax.jit(lambda key: task.draw(TRAIN, key, 4000))(KEY)
    seen = {tuple(np.round(row, 4).ravel()) for row in np.asarray(batch.inputs)[np.asarray(batch.weights[:, 0]) > 0]}
    asked = {tuple(np.round(row, 4).ravel()) for row in np.asarray(draw(task, IID, 200, KEY).inputs)}
    assert len(asked) == 200
    assert not seen & asked
    assert float(batch.weights.mean()) == pytest.approx(7 / 8, abs=0.03)


def test_noise_makes_some_items_larger_and_leaves_the_answer():
    task = TASKS[1]
    clean, shown = (draw(task, s, 500, KEY) for s in (IID, task.splits[-1]))
    added = np.round(np.asarray(shown.inputs - clean.inputs)[..., :2] * LARGEST)
    hit = (added > 0).all(-1)
    assert hit.mean() == pytest.approx(0.3, abs=0.03)
    assert (added[~hit] == 0).all()
    assert NOISE[0] <= added[hit].min() <= added[hit].max() <= NOISE[1]
    assert np.array_equal(clean.targets, shown.targets)


@pytest.mark.parametrize(
    ("task", "samples"),
    [
        (Quickselect(), {((1, 4, 4, 9), 3): "4 4", ((2, 3, 5, 8), 1): "2"}),
        (FractionalKnapsack(), {((3, 4, 5, 9, 6, 5), 10): "3/4 5/9 6/5", ((1, 9, 2, 2, 9, 10), 10): "2/2 9/10"}),
        (Knapsack(), {((3, 4, 5, 9, 6, 5), 10): "3/4 6/5", ((1, 9, 2, 2, 9, 10), 10): "9/10"}),
    ],
    ids=lambda x: getattr(x, "name", ""),
)
def test_the_worked_instances(task, samples):
    for (flat, asked), answer in samples.items():
        items = np.array(flat).reshape(-1, task.numbers)
        taken = items[np.asarray(task.solve(jnp.asarray(items), jnp.asarray(asked), 1))]
        assert (" ".join("/".join(map(str, row)) for row in taken) or "-") == answer


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"train": 3}, "train=3 leaves too few"),
        ({"length": (8,)}, "length 8 is not longer"),
        ({"value": (1,)}, "value 1 does not shift"),
        ({"noise": (1.5,)}, "noise 1.5 is no chance"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        Knapsack(**wrong)
