"""Whether the seeds of a cell run abreast or in turn: measured once, recorded, kept."""

import os
import time
from pathlib import Path
from typing import Any

import jax

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.runner.memory import give_back
from heldout.runner.together import Mode, keys, programs, stack
from heldout.store import Store, files


def settled(store: Store, cell: Cell, units: tuple[int, ...], models: tuple[Any, ...]) -> Mode:
    """The mode of a cell: as any process has chosen before, or as its first batch was run, or chosen now and kept.

    Seeds of one cell are never run in two modes, whichever process runs them and however it was timed. What was chosen is
    asked first, as which batch was the first is for a clock to say. Cells of one learner whose tasks are of one kind are timed
    once for all: compiling both programs can take as long as a small run.
    """
    mine, kin = (store.path("modes", f"{name}.txt") for name in (cell.digest, _family(cell, len(units))))
    for found in (_said(mine), store.modes([cell.digest]).get(cell.digest, ("", 0))[0]):
        if found in ("vmap", "map"):
            return found  # pyright: ignore[reportReturnType]
    return _kept(store, mine, _said(kin) or _kept(store, kin, choose(cell, units, models)))


def _family(cell: Cell, units: int) -> str:
    """What cells have in common whose seeds, so many at once, run fast in the same mode."""
    return digest((type(cell.task).__qualname__, cell.learner, units))


def _said(path: Path) -> Mode | None:
    """What was written there; None for nothing, also where a machine that went down has left a file without its word."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return text if text in ("vmap", "map", "loop") else None  # pyright: ignore[reportReturnType]


def _kept(store: Store, path: Path, chosen: Mode) -> Mode:
    """What stands there from now on: what was chosen, or what another process has written first."""
    if store.remote:
        return store.remote.first(path, chosen)  # pyright: ignore[reportReturnType]
    mine = files.temporary(path)  # two machines may have a process of the same number
    with files.explained(store.folder):
        try:
            mine.write_text(chosen, encoding="utf-8")
            if path.exists() and _said(path) is None:
                mine.replace(path)
            else:
                os.link(mine, path)  # the first of several processes wins, and no one reads half a file
        except FileExistsError:
            return _said(path) or _kept(store, path, chosen)
        finally:
            mine.unlink(missing_ok=True)
    return chosen


def choose(cell: Cell, units: tuple[int, ...], models: tuple[Any, ...]) -> Mode:
    """The faster of `vmap` and `map` for this many seeds, each timed on a few steps after compiling.

    One seed needs no choice: `map` is then the plain program, while `vmap` of one makes convolutions half as fast. Neither
    does a learner that is not traced.
    """
    if not cell.learner.traced:
        return "loop"
    if len(units) == 1:
        return "map"
    speeds = {mode: _steps_per_second(cell, mode, units, models) for mode in ("vmap", "map")}
    return "vmap" if speeds["vmap"] >= speeds["map"] else "map"


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
