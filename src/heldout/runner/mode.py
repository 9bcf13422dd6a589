"""Whether the seeds of a cell run abreast or in turn: measured once, recorded, kept."""

import os
import time
from typing import Any

import jax

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.runner.memory import give_back
from heldout.runner.together import Mode, keys, programs, stack
from heldout.store import Store, files

CHOSEN: dict[tuple[type, str, int], Mode] = {}
"""What this process has found the faster for a kind of task, a learner and so many seeds."""


def settled(store: Store, cell: Cell, units: tuple[int, ...], models: tuple[Any, ...]) -> Mode:
    """The mode of a cell: as any process has chosen before, or as its first batch was run, or chosen now and kept.

    Seeds of one cell are never run in two modes, whichever process runs them and however it was timed. What was chosen is
    asked first, as which batch was the first is for a clock to say.
    """
    path = store.path("modes", f"{cell.digest}.txt")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for found in (text, store.modes([cell.digest]).get(cell.digest, ("", 0))[0]):
        if found in ("vmap", "map"):
            return found  # pyright: ignore[reportReturnType]
    chosen = choose(cell, units, models)
    if store.remote:
        return store.remote.first(path, chosen)  # pyright: ignore[reportReturnType]
    mine = path.with_name(f".{path.name}.{os.getpid()}")
    with files.explained(store.folder):
        try:
            mine.write_text(chosen, encoding="utf-8")
            if text or (
                path.exists() and not path.stat().st_size
            ):  # a machine that went down has left it without its word
                mine.replace(path)
            else:
                os.link(mine, path)  # the first of several processes wins, and no one reads half a file
        except FileExistsError:
            return settled(store, cell, units, models)
        finally:
            mine.unlink(missing_ok=True)
    return chosen


def choose(cell: Cell, units: tuple[int, ...], models: tuple[Any, ...]) -> Mode:
    """The faster of `vmap` and `map` for this many seeds, each timed on a few steps after compiling.

    One seed needs no choice: `map` is then the plain program, while `vmap` of one makes convolutions half as fast. Neither
    does a learner that is not traced. Tasks of one kind are timed once in a process for each learner: compiling both programs can
    take as long as a small run.
    """
    if not cell.learner.traced:
        return "loop"
    if len(units) == 1:
        return "map"
    family = (type(cell.task), digest(cell.learner), len(units))
    if family not in CHOSEN:
        speeds = {mode: _steps_per_second(cell, mode, units, models) for mode in ("vmap", "map")}
        CHOSEN[family] = "vmap" if speeds["vmap"] >= speeds["map"] else "map"
    return CHOSEN[family]


def _steps_per_second(cell: Cell, mode: Mode, units: tuple[int, ...], models: tuple[Any, ...]) -> float:
    give_back()
    program = programs(cell, mode)
    every = keys(cell, units, "start", traced=True)
    until, begun = 1, 0.0
    states = jax.block_until_ready(program.advance(program.start(every, models), models, until))
    while True:
        start, done = time.perf_counter(), until
        until = min(2 * until + 1, cell.learner.steps)
        states = jax.block_until_ready(program.advance(states, models, until))
        begun = time.perf_counter() - start
        if begun > 0.15 or until >= cell.learner.steps:
            return max(until - done, 1) / max(begun, 1e-9)


def stacked(models_by_reference: list[list[Any]]) -> tuple[Any, ...]:
    """Live models, one list of seeds per reference, stacked for the compiled programs."""
    return tuple(stack(models) for models in models_by_reference)
