from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made import Against, Layered, Onwards

import toys
from heldout.core import Trained
from heldout.core.cell import Cell
from heldout.runner.together import key, keys, live, programs, shape_of, stack, state_axes, take, take_state

CELL = Cell(toys.halves, Layered())


def trained(mode: Any, units: tuple[int, ...], stops: tuple[int, ...] = (30,), cell: Cell = CELL) -> np.ndarray:
    program = programs(cell, mode)
    states = program.start(keys(cell, units, "start", traced=True), ())
    for stop in stops:
        states = program.advance(states, (), stop)
    return np.asarray(program.model(states, ()))


@pytest.fixture(scope="module")
def alone() -> np.ndarray:
    """Each of four seeds trained by the learner itself, without any of the runner's machinery."""
    learner, found = CELL.learner, []
    for one in keys(CELL, range(4), "start", traced=True):
        state = jax.jit(lambda k: learner.advance(toys.halves, learner.start(toys.halves, k), 30))(one)
        found.append(float(learner.model(toys.halves, state)))
    return np.array(found)


@pytest.mark.parametrize("mode", ["vmap", "map"])
def test_seeds_together_are_seeds_alone(mode: Any, alone: np.ndarray) -> None:
    assert len(set(alone.round(4))) == 4
    np.testing.assert_allclose(trained(mode, (0, 1, 2, 3)), alone, rtol=1e-5, atol=1e-5)


def test_in_turn_every_bit_is_the_same_whatever_the_chunk() -> None:
    whole = trained("map", (0, 1, 2, 3))
    halves = np.concatenate([trained("map", (0, 1)), trained("map", (2, 3))])
    np.testing.assert_array_equal(whole, halves)
    np.testing.assert_array_equal(whole[3:], trained("map", (3,)))


def test_abreast_the_chunk_changes_rounding_at_most() -> None:
    whole = trained("vmap", (0, 1, 2, 3))
    halves = np.concatenate([trained("vmap", (0, 1)), trained("vmap", (2, 3))])
    np.testing.assert_allclose(whole, halves, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("mode", ["vmap", "map"])
def test_halts_on_the_way_change_no_bit(mode: Any) -> None:
    np.testing.assert_array_equal(trained(mode, (0, 1)), trained(mode, (0, 1), (1, 7, 8, 29, 30)))


def test_all_learners_draw_from_the_same_keys_and_tasks_do_not() -> None:
    def drawn(task: Any, learner: Any, purpose: str = "trials:iid") -> np.ndarray:
        return np.asarray(jax.random.key_data(keys(Cell(task, learner), (0, 1), purpose, traced=True)))

    first = drawn(toys.halves, toys.search)
    np.testing.assert_array_equal(first, drawn(toys.halves, toys.stuck))
    for other in (
        drawn(toys.Halves(0.4), toys.search),
        drawn(toys.halves, toys.search, "trials:wide"),
        drawn(toys.halves, toys.search, "start"),
        first[::-1],
    ):
        assert (first != other).any(axis=1).all()


def test_plain_keys_are_the_words_of_traced_ones() -> None:
    plain = keys(CELL, (3, 5), "start", traced=False)
    np.testing.assert_array_equal(jax.random.key_data(keys(CELL, (3, 5), "start", traced=True)), np.array(plain))
    np.testing.assert_array_equal(jax.random.key_data(key(True, "a", 1)), np.array(key(False, "a", 1)))


def test_only_the_states_own_step_is_shared() -> None:
    state = toys.State(jnp.int32(4), jnp.zeros(2), {"step": jnp.zeros(2)})
    assert state_axes(state) == toys.State(None, 0, {"step": 0})
    one = take_state(state, 1)
    assert (int(one.step), one.guess["step"].shape) == (4, ())


def test_live_models_take_the_place_of_references_in_learner_and_task() -> None:
    cell = Cell(Against(opponent=Trained(toys.halves, toys.search)), Onwards(initial=Trained(toys.halves, toys.stuck)))
    made = live(cell, [1.5, 2.5])
    assert (made.learner.initial, made.task.opponent) == (1.5, 2.5)
    assert isinstance(cell.learner.initial, Trained)


def test_the_shape_of_a_model_is_known_without_making_it() -> None:
    cell = Cell(toys.halves, Onwards(initial=Trained(None, toys.search)))
    assert (shape_of(cell).shape, shape_of(cell).dtype) == ((), jnp.float32)
    assert shape_of(CELL).shape == ()


def test_stacking_and_taking_undo_each_other() -> None:
    trees = [{"a": jnp.arange(3) + i, "b": (jnp.float32(i),)} for i in range(3)]
    for index, tree in enumerate(trees):
        assert jax.tree.all(jax.tree.map(jnp.array_equal, take(stack(trees), index), tree))
