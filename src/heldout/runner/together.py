"""Many seeds of one learner as one program.

`vmap` runs them abreast, `map` one after the other inside one compiled program, `loop` one after the other in Python
(for learners that are not traced). Which of the first two is faster depends on the learner: see `heldout.runner.mode`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core import seeds
from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.trained import put

Mode = Literal["vmap", "map", "loop"]


def key(traced: bool, *parts: str | int) -> Any:
    """A JAX key or plain words for a purpose; see `heldout.core.seeds`."""
    made = seeds.words(*parts)
    return jax.random.wrap_key_data(jnp.asarray(made, jnp.uint32)) if traced else made


def keys(cell: Cell, units: Sequence[int], purpose: str, *, traced: bool) -> Any:
    """One key per seed: stacked where traced, else a list."""
    task = digest(cell.task)
    made = [seeds.words(task, unit, purpose) for unit in units]
    return jax.random.wrap_key_data(jnp.asarray(np.array(made, np.uint32))) if traced else made


def live(cell: Cell, models: Sequence[Any]) -> Cell:
    """The cell with live models where it referred to trained ones."""
    for (path, _), model in zip(cell.references, models, strict=True):
        cell = put(cell, path, model)
    return cell


def _axis(path: tuple[Any, ...], _leaf: Any = None) -> int | None:
    """States are stacked along axis 0, but for the state's own `step`, which all seeds share (not one deeper inside)."""
    name = getattr(path[0], "name", getattr(path[0], "key", None)) if len(path) == 1 else None
    return None if name == "step" else 0


def state_axes(states: Any) -> Any:
    """The axis along which each leaf of stacked states is stacked, for `jax.vmap`."""
    return jax.tree_util.tree_map_with_path(_axis, states)


def _start(cell: Cell, one: Any, models: tuple[Any, ...]) -> Any:
    made = live(cell, models)
    return made.learner.start(made.task, one)


def _advance(cell: Cell, state: Any, models: tuple[Any, ...], until: Any) -> Any:
    made = live(cell, models)
    return made.learner.advance(made.task, state, until)


def _model(cell: Cell, state: Any, models: tuple[Any, ...]) -> Any:
    made = live(cell, models)
    return made.learner.model(made.task, state)


def _share(states: Any) -> Any:
    """Stacked states with the shared leaves taken once."""
    return jax.tree_util.tree_map_with_path(lambda p, x: x if _axis(p) == 0 else x[0], states)


@dataclass(frozen=True)
class Programs:
    """The three compiled programs of a traced cell: start, advance and model, each over a chunk of seeds."""

    start: Callable[..., Any]
    advance: Callable[..., Any]
    model: Callable[..., Any]


@lru_cache(maxsize=32)
def programs(cell: Cell, mode: Mode) -> Programs:
    """Compile-once programs: start(keys, models), advance(states, models, until), model(states, models)."""

    @jax.jit
    def start(every: Any, models: tuple[Any, ...]) -> Any:
        return _share(jax.vmap(partial(_start, cell))(every, models))

    @partial(jax.jit, donate_argnums=0)
    def advance(states: Any, models: tuple[Any, ...], until: Any) -> Any:
        along = state_axes(states)
        if mode == "vmap":
            run = jax.vmap(lambda s, m: _advance(cell, s, m, until), in_axes=(along, 0), out_axes=along)
            return run(states, models)
        n = next(x.shape[0] for p, x in jax.tree_util.tree_leaves_with_path(states) if _axis(p) == 0)
        whole = jax.tree_util.tree_map_with_path(
            lambda p, x: x if _axis(p) == 0 else jnp.broadcast_to(x, (n, *x.shape)), states
        )
        return _share(jax.lax.map(lambda sm: _advance(cell, sm[0], sm[1], until), (whole, models)))

    @jax.jit
    def model(states: Any, models: tuple[Any, ...]) -> Any:
        return jax.vmap(partial(_model, cell), in_axes=(state_axes(states), 0))(states, models)

    return Programs(start, advance, model)


def take(tree: Any, index: int) -> Any:
    """One seed's part of a stacked tree."""
    return jax.tree.map(lambda x: x[index], tree)


def take_state(states: Any, index: int) -> Any:
    """One seed's state; shared leaves as they are."""
    return jax.tree_util.tree_map_with_path(lambda p, x: x[index] if _axis(p) == 0 else x, states)


def stack(trees: Sequence[Any]) -> Any:
    """Trees of one structure, stacked along a new first axis."""
    return jax.tree.map(lambda *xs: jnp.stack(xs), *trees)


def shape_of(cell: Cell) -> Any:
    """The structure and shapes of one model of a traced cell, without computing it."""

    def build(one: Any) -> Any:
        models = tuple(jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), shape_of(c)) for c in cell.needs)
        made = live(cell, models)
        return made.learner.model(made.task, made.learner.start(made.task, one))

    return jax.eval_shape(build, key(True, "shape"))
