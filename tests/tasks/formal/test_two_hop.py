import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.coverage import covered
from heldout.tasks.formal.two_hop import FRAGMENT, TwoHop, laid_out

KEY = jax.random.key(0)
TASK = TwoHop(12, 0.4)


def test_splits_part_all_inputs_but_those_that_are_covered_by_mistake():
    made = laid_out(TASK)
    held = np.concatenate([made.rows[s.name] for s in TASK.splits])
    assert len(set(held)) == len(held)
    rest = np.setdiff1d(np.arange(len(made.inputs)), held)
    assert not made.domain[rest].any()
    assert (made.cutoff[rest] > 0).all()
    inside = len(made.rows["train"]) + 2 * len(made.rows["iid"])
    assert abs(inside - made.domain.sum()) <= 1
    assert made.domain[np.concatenate([made.rows["train"], made.rows["iid"]])].all()
    assert made.domain.mean() == pytest.approx(0.7**2, abs=0.05)


def test_answers_are_those_of_two_functions():
    made = laid_out(TASK)
    for (x, y, z), answer in zip(made.inputs[::7], made.answers[::7], strict=True):
        assert made.second[made.first[x, y], z] == answer


def test_what_is_not_in_the_domain_needs_a_pair_that_no_training_input_has():
    made = laid_out(TASK)
    seen = made.inputs[made.domain]
    first = {(x, y) for x, y, _ in seen}
    second = {(made.first[x, y], z) for x, y, z in seen}
    for x, y, z in made.inputs[~made.domain]:
        assert (x, y) not in first or (made.first[x, y], z) not in second


def test_levels_are_those_of_the_coverage_of_the_training_inputs():
    made = laid_out(TASK)
    results = np.full(len(made.inputs), -1)
    results[made.rows["train"]] = made.answers[made.rows["train"]]
    for level in (1, 2, 3):
        found = covered(results.reshape(12, 12, 12), FRAGMENT, level).ravel()
        assert found[made.rows["train"]].all()
        assert found[made.rows["coverage-3"]].all()
        assert not found[made.rows[f"coverage-{level - 1}"]].any()
        assert found[made.rows[f"coverage-{level}"]].all()


def test_facts_are_those_of_the_items():
    made = laid_out(TASK)
    for split in TASK.splits:
        found = TASK.trials(TASK.oracle(), split, KEY, 10**6)
        rows = np.asarray(found.item)[:, 0]
        assert sorted(rows) == made.rows[split.name].tolist()
        assert (np.asarray(found.score) == 1).all()
        assert np.array_equal(found.facts["covered"], made.cutoff[rows] > 0)
        assert np.array_equal(found.facts["domain"], made.domain[rows])
        assert np.array_equal(found.facts["cutoff"], made.cutoff[rows])


def test_the_last_position_alone_is_graded():
    batch = TASK.draw(TASK.splits[0], KEY, 30)
    outputs = np.array(TASK.oracle()(batch.inputs))
    outputs[:, :2] = 0.0
    assert (TASK.grade(batch, outputs) == 1).all()
    outputs[:, 2] = np.roll(outputs[:, 2], 1, axis=-1)
    assert (TASK.grade(batch, outputs) == 0).all()
    assert np.asarray(batch.weights).tolist() == [[0.0, 0.0, 1.0]] * 30


def test_worlds_differ_and_a_larger_fraction_keeps_what_a_smaller_one_trains_on():
    one, other, larger = (laid_out(t) for t in (TASK, TwoHop(12, 0.4, world=1), TwoHop(12, 0.45)))
    assert (one.first != other.first).any()
    assert set(one.rows["train"]) < set(larger.rows["train"])
    assert np.array_equal(one.first, larger.first)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: TwoHop(3), "tokens=3"),
        (lambda: TwoHop(12, 1.0), "fraction=1"),
        (lambda: TwoHop(12, 0.4, seen=0.0), "seen=0"),
        (lambda: TwoHop(12, 0.4, levels=(1, 2)), "levels"),
        (lambda: TwoHop(12, 0.4, levels=(0, 1, 12)), "nothing is left for coverage-12"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()


def test_the_instances_of_the_docstring():
    made = laid_out(TASK)
    assert (made.first[3, 5], made.second[4, 8]) == (4, 7)
    assert (made.first[8, 4], made.second[7, 0]) == (7, 3)
