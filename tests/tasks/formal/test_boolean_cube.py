import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.boolean import cube, influence, walsh
from heldout.tasks.formal.boolean_cube import HOLDOUT, BooleanCube, laid_out
from heldout.tasks.formal.pointer_value import PointerValue, Voted, Weighted

KEY = jax.random.key(0)
task = BooleanCube(PointerValue(), 4)


def everything(model, task):
    """Half the mean squared error on the whole cube, as scores tell it; iid stands for the half that is partly shown."""
    scores = [task.trials(model, split, KEY, 4096).score for split in task.splits[1:]]
    return float(2 - scores[0].mean() - scores[1].mean())


def test_splits_part_the_cube():
    rows = laid_out(task).rows
    assert [len(r) for r in rows.values()] == [870, 154, 1024]
    assert sorted(np.concatenate(list(rows.values()))) == list(range(2048))
    assert {(int(r) >> 4) & 1 for name in ("train", "iid") for r in rows[name]} == {0}
    for split in task.splits:
        batch = jax.jit(lambda key, split=split: task.draw(split, key, 50))(KEY)
        assert set(np.asarray(batch.inputs[:, 4])) == {-1.0 if split.axis else 1.0}


@pytest.mark.parametrize(
    ("function", "place"), [(PointerValue(), 0), (PointerValue(3, 2, "parity"), 5), (Voted(9, 5), 2)]
)
def test_whoever_ignores_the_frozen_place_loses_its_influence(function, place):
    asked = BooleanCube(function, place)
    oracle = asked.oracle()
    assert everything(lambda x: oracle(x.at[:, place].set(1.0)), asked) == pytest.approx(asked.influence, abs=1e-6)
    assert everything(oracle, asked) == pytest.approx(0.0, abs=1e-6)
    assert asked.influence == pytest.approx(influence(function.values())[place])


def test_least_squares_that_starts_from_nothing_loses_a_quarter_of_it():
    weights = (0.5, 0.3, 0.2)
    asked = BooleanCube(Weighted(weights), 1, shown=0.75)
    points = cube(3)
    seen = np.column_stack([np.ones(4), points[points[:, 1] > 0]])
    least = np.linalg.pinv(seen) @ (points[points[:, 1] > 0] @ weights)  # the shortest solution is gradient descent's
    assert everything(lambda x: (x @ least[1:] + least[0])[:, None], asked) == pytest.approx(0.3**2 / 4, abs=1e-6)


def test_values_and_chance_are_the_function_s():
    batch = task.draw(task.splits[0], KEY, 30)
    assert np.array_equal(task.oracle()(batch.inputs), batch.targets)
    assert task.chance == pytest.approx(0.75 + walsh(task.function.values())[0] ** 2 / 4)
    assert task.grade(batch, -batch.targets).max() == 0.0
    assert np.allclose(task.grade(batch, 5 * batch.targets), 1.0)


def test_without_a_frozen_place_all_points_are_shown_or_asked():
    free = BooleanCube(Voted(5, 5), shown=0.5)
    assert [s.axis for s in free.splits] == [None, None]
    assert [len(r) for r in laid_out(free).rows.values()] == [16, 16]
    assert free.influence == 0.0
    assert task.splits[-1].axis == HOLDOUT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"frozen": 3}, "has no place 3"), ({"shown": 1.0}, "shown=1 of 8"), ({"shown": 0.0}, "shown=0")],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        BooleanCube(Voted(3, 3), **wrong)
