"""Two views of an algorithm: what more nodes leave as it was, by running both; the loss, by SciPy; and that it is learnt."""

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import entropy

from heldout.core import HeldoutError, Learner
from heldout.core.split import IID
from heldout.learners.reasoner import Reasoner
from heldout.learners.relic import Relic, disagreement
from heldout.models.message_passing import MessagePassing
from heldout.tasks.formal.traces.searching import BinarySearch, Minimum
from heldout.tasks.formal.traces.sorting import BubbleSort, InsertionSort, longer
from heldout.tasks.formal.traces.trace import draw

RNG = np.random.default_rng(0)


@eqx.filter_jit
def views(task, problem, key):
    return task.run(longer(problem, key, 3))


@pytest.mark.parametrize("task", [InsertionSort(5, (7,)), Minimum(5, (7,)), BubbleSort(5, (7,))])
def test_numbers_behind_an_array_leave_the_steps_of_insertion_sort_and_of_minimum_as_they_are(task):
    problems, traces = draw(task, IID, 8, jax.random.key(0))
    keys, same = jax.random.split(jax.random.key(1), 8), []
    for i, key in enumerate(keys):
        problem, trace = (jax.tree.map(lambda x, i=i: x[i], one) for one in (problems, traces))
        wide, other = views(task, problem, key)
        assert np.array_equal(wide.nodes[:5, 1], problem.nodes[:, 1])
        assert not np.isclose(wide.nodes[:5, 0], problem.nodes[:, 0]).any()
        assert (np.diff(wide.nodes[:, 0]) > 0).all()
        assert wide.edges.shape == (8, 8, 1)
        same.append(
            np.array_equal(other.pointers[:5, :5], trace.pointers)
            and np.array_equal(other.masks[:5, :5], trace.masks)
            and not other.masks[:5, 5:].any()
        )
    assert len(same) == 8
    if isinstance(task, BubbleSort):
        assert not any(same)
    else:
        assert all(same)


def test_the_loss_of_two_views_is_cross_entropy_and_divergence_of_cosines():
    one, other = RNG.normal(size=(2, 3, 4, 5))
    alike, apart = [], []
    for a, b in zip(one, other, strict=True):
        there, back = (np.exp((1 - cdist(x, y, "cosine")) / 0.5) for x, y in ((a, b), (b, a)))
        there, back = (x / x.sum(1, keepdims=True) for x in (there, back))
        alike.append(-np.log(np.concatenate([there.diagonal(), back.diagonal()])).mean())
        apart.append(entropy(there, back, axis=1).mean())
    found = disagreement(jnp.asarray(one), jnp.asarray(other), 0.5)
    assert np.allclose(found, [np.mean(alike), np.mean(apart)], rtol=1e-5)
    assert Relic(MessagePassing(4), 1, weight=2.0, invariance=3.0, temperature=0.5).contrast(
        jnp.asarray(one), jnp.asarray(other)
    ) == pytest.approx(2 * (np.mean(alike) + 3 * np.mean(apart)), rel=1e-5)


def test_equal_views_do_not_diverge_and_match_the_better_the_colder():
    view = jnp.asarray(RNG.normal(size=(1, 4, 5)))
    warm, cold = (disagreement(view, view, t) for t in (1.0, 0.01))
    assert np.allclose([warm[1], cold[1]], 0.0, atol=1e-6)
    assert cold[0] < 1e-3 < warm[0]


def test_the_second_view_adds_the_disagreement_with_the_first_and_nothing_without_weight():
    task, architecture = InsertionSort(4, (6,)), MessagePassing(4, soft=True)
    plain, weighted = Reasoner(architecture, 1), Relic(architecture, 1, more=2)
    assert isinstance(weighted, Learner)
    key = jax.random.key(3)
    model = architecture.build(key, task.shape)
    problem, trace = draw(task, IID, 1, key)
    objective = eqx.filter_jit(lambda learner: learner.objective(model, task, key, problem, trace))
    base = float(objective(plain))
    assert objective(dataclasses.replace(weighted, weight=0.0)) == pytest.approx(base, rel=1e-5)
    one = jax.tree.map(lambda x: x[0], problem)
    wide = task.longer(one, jax.random.split(jax.random.fold_in(key, 1), 1)[0], 2)
    step, hidden = eqx.filter_jit(model.step), []
    for view in (one, wide):
        state, memory, seen = model.shown(task.begin(view)), model.start(len(view.nodes)), []
        for _ in range(3):
            memory, said = step(view, state, memory)
            state = model.passed(said)
            seen.append(memory[:4])
        hidden.append(jnp.stack(seen))
    assert float(objective(weighted)) - base == pytest.approx(float(weighted.contrast(*hidden)), rel=1e-4)


def test_what_makes_no_second_view_is_refused():
    with pytest.raises(HeldoutError, match="binary search"):
        Relic(MessagePassing(4), 1).start(BinarySearch(), jax.random.key(0))
    with pytest.raises(HeldoutError, match="more=0"):
        Relic(MessagePassing(4), 1, more=0)
