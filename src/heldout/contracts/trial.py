"""Asking a task as the runner does, with the same keys."""

from typing import Any

import numpy as np

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.split import Split, axes
from heldout.core.task import Outcomes, Sample

N, MANY = 128, 512
"""Instances of a trial, and of one that looks closer; only two sizes, since tasks compile their trials for each."""


KEPT = 64
"""Trials that are remembered: several contracts look at the same ones."""

_known: dict[Any, tuple[Any, Any, Outcomes]] = {}
"""By task, model, split, n and seed: task and model, so that their places in memory are not given away, and the outcomes."""


def trial(task: Any, model: Any, split: Split, n: int = N, seed: int = 0, *, anew: bool = False) -> Outcomes:
    """What `n` instances of a split gave, as NumPy arrays, drawn with the key that the runner would use for this seed.

    `anew`: ask again what was asked before, where that is the question.
    """
    what = (id(task), _same(model), split, n, seed)
    if anew or what not in _known:
        found = task.trials(model, split, _key(task, seed, f"trials:{split.name}"), n)
        facts = {name: np.asarray(value) for name, value in found.facts.items()}
        _known[what] = task, model, Outcomes(np.asarray(found.item), np.asarray(found.score), facts)
        while len(_known) > KEPT:
            del _known[next(iter(_known))]
    return _known[what][2]


def _same(model: Any) -> Any:
    """What is equal for the same model: itself where it can be hashed, else its place in memory."""
    try:
        hash(model)
    except TypeError:
        return id(model)
    return model


def samples(task: Any, split: Split, n: int, purpose: str = "contracts") -> list[Sample]:
    """`n` instances of a split to look at; the same key for every split, so that what is not shifted is equal."""
    return task.samples(split, _key(task, 0, purpose), n)


def _key(task: Any, seed: int, purpose: str) -> Any:
    from heldout.runner.together import key

    return key(task.traced, digest(task), seed, purpose)


def ends(splits: Any) -> tuple[Split, ...]:
    """The last level of every axis and group: where a shift is largest."""
    found = {(s.axis, s.group): s for s in splits if s.axis is not None}
    return tuple(s for axis in axes(splits) for s in found.values() if s.axis == axis)


def barely_trained(cell: Cell) -> tuple[Cell, Any]:
    """The cell with live models for the trained ones that it refers to, and its own model after at most two steps."""
    from heldout.runner.together import key, live

    made = live(cell, [barely_trained(need)[1] for need in cell.needs])
    start = key(made.learner.traced, digest(cell.task), 0, "start")
    state = made.learner.start(made.task, start)
    if made.learner.steps:
        state = made.learner.advance(made.task, state, min(2, made.learner.steps))
    return made, made.learner.model(made.task, state)


def with_models(cell: Cell) -> Cell:
    """The cell with some model of the right kind in place of every trained one; traced ones are zeros, and cost nothing."""
    from heldout.runner.together import live

    if not cell.needs:
        return cell
    return live(cell, [_zeros(need) if need.learner.traced else barely_trained(need)[1] for need in cell.needs])


def _zeros(cell: Cell) -> Any:
    import jax
    import jax.numpy as jnp

    from heldout.runner.together import shape_of

    return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shape_of(cell))
