"""What a learner promises. Each contract takes a cell (a task and a learner) and returns what is wrong in words."""

import copy
from typing import Any

import numpy as np

from heldout.contracts.task import _apart
from heldout.contracts.trial import barely_trained, trial, with_models
from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.learner import Learner
from heldout.core.split import Split

FEW = 4
"""Steps of the trainings that contracts compare."""


def complete(learner: Any) -> tuple[str, ...]:
    """It has everything that the protocol of learners names."""
    wanted = [n for n in (*Learner.__annotations__, *vars(Learner)) if not n.startswith("_")]
    return tuple(f"it lacks `{name}`" for name in dict.fromkeys(wanted) if not hasattr(learner, name))


def repeats(cell: Cell) -> tuple[str, ...]:
    """Training again with the same key gives the same model: the same traced program, or the same answers."""
    if cell.learner.traced:
        programs = [_program(cell) for _ in range(2)]
        return (
            ()
            if programs[0] == programs[1]
            else ("tracing it twice gives two programs: is there randomness but the key's?",)
        )
    (one, first), (_, second) = barely_trained(cell), barely_trained(cell)
    problems = []
    for split in _asked(one.task):
        found = _apart(*(trial(one.task, model, split, anew=True) for model in (first, second)))
        problems += [f"{name} differ on {split.name!r} between two trainings with one key" for name in found]
    return tuple(problems)


def resumes(cell: Cell) -> tuple[str, ...]:
    """Stopping half-way and going on gives the model that going straight on gives, if it says it is `resumable`."""
    steps = min(FEW, cell.learner.steps)
    if not cell.learner.resumable or steps < 2:
        return ()
    import jax

    made = with_models(cell)
    key, task, learner = _key(cell), made.task, made.learner
    straight = learner.advance(task, learner.start(task, key), steps)
    halted = learner.advance(task, learner.advance(task, learner.start(task, key), steps // 2), steps)
    models = [learner.model(task, state) for state in (straight, halted)]
    leaves = [[np.asarray(x) for x in jax.tree.leaves(m) if np.asarray(x).dtype.kind in "fiub"] for m in models]
    close = all(np.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(*leaves, strict=True))
    return () if close else (f"{steps} steps in two parts give another model than at once: say resumable = False",)


def trains_on_train_only(cell: Cell) -> tuple[str, ...]:
    """Learning asks the task about its train splits only."""
    made = with_models(cell)
    seen: list[str] = []
    task = watched(made.task, seen)
    learner, until = made.learner, min(2, made.learner.steps)

    def learn(key: Any) -> Any:
        state = learner.start(task, key)
        return learner.model(task, learner.advance(task, state, until) if until else state)

    if learner.traced:
        import jax

        jax.eval_shape(learn, _key(cell))  # traces all and computes nothing
    else:
        learn(_key(cell))
    return tuple(f"learning calls {call}: only train splits may be drawn from" for call in dict.fromkeys(seen))


def watched(task: Any, seen: list[str]) -> Any:
    """The task, noting every call of a method of it with a split that is not for training."""
    kind = type(task)

    def notice(self: Any, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if name.startswith("__") or not callable(value) or not callable(getattr(kind, name, None)):
            return value

        def call(*given: Any, **named: Any) -> Any:
            asked = [x for x in (*given, *named.values()) if isinstance(x, Split) and not x.train]
            seen.extend(f"task.{name}({s.name!r})" for s in asked)
            return value(*given, **named)

        return call

    double = copy.copy(task)
    subclass = type(f"Watched{kind.__name__}", (kind,), {"__slots__": (), "__getattribute__": notice})
    object.__setattr__(double, "__class__", subclass)
    return double


def _program(cell: Cell) -> str:
    """The traced training in JAX's notation, with the constants that it closes over."""
    import jax

    made = with_models(cell)
    task, learner = made.task, made.learner

    def learn(key: Any) -> Any:
        state = learner.start(task, key)
        return learner.model(task, learner.advance(task, state, 2) if learner.steps else state)

    made_program = jax.make_jaxpr(learn)(_key(cell))
    return f"{made_program} {[np.asarray(c).tobytes() for c in made_program.consts if hasattr(c, 'shape')]}"


def _asked(task: Any) -> tuple[Split, ...]:
    return tuple(s for s in task.splits if s.axis is None)


def _key(cell: Cell) -> Any:
    from heldout.runner.together import key

    return key(cell.learner.traced, digest(cell.task), 0, "start")
