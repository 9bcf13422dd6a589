"""One batch from nothing to its file in the store."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax

from heldout.core import seeds
from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.probe import Probe
from heldout.runner import weights
from heldout.runner.asking import Live, Rows, ask
from heldout.runner.checkpoint import Checkpoint
from heldout.runner.event import Report
from heldout.runner.mode import choose, stacked
from heldout.runner.plan import Batch
from heldout.runner.provenance import provenance
from heldout.runner.together import Mode, keys, live, programs, shape_of, take
from heldout.store import Finished, Store

Watch = Callable[[float], None]
"""Told the share of the batch that is done, between 0 and 1."""


def run(batch: Batch, store: Store, watch: Watch = lambda _: None) -> Report:
    """Train (or load), probe, and write one batch; a bad spec raises `HeldoutError`."""
    began, cpu = time.time(), time.process_time()
    cell, rows = batch.cell, Rows()
    mode: Mode = "loop"
    if cell.unit == "item" or not cell.learner.traced:
        _run_untraced(batch, store, rows, watch)
    else:
        mode = _run_traced(batch, store, rows, watch)
    seconds, cpu_seconds = time.time() - began, time.process_time() - cpu
    store.write(_finished(batch, rows, mode, (began, seconds, cpu_seconds)))
    return Report(batch.name, cell.digest, batch.units, seconds, len(rows.diverged))


def end(batch: Batch) -> int:
    """The step at which a batch ends: the learner's, unless capped."""
    return batch.cell.learner.steps if batch.until is None else min(batch.until, batch.cell.learner.steps)


def weights_path(store: Store, cell: Cell, seed: int) -> Path:
    """Where the finished model of a cell's seed is kept."""
    return store.path("weights", cell.digest, f"{seed}.safetensors")


def trained(store: Store, cell: Cell, seed: int) -> Any:
    """The kept model of a traced cell's seed."""
    model = weights.load(shape_of(cell), weights_path(store, cell, seed))
    if model is None:
        raise HeldoutError(f"the weights of {cell.name}, seed {seed}, are missing: run the study that trains it again")
    return model


def _references(batch: Batch, store: Store) -> list[list[Any]]:
    found = []
    for (_, reference), need in zip(batch.cell.references, batch.cell.needs, strict=True):
        wanted = [seed if reference.seed is None else reference.seed for seed in batch.units]
        found.append([trained(store, need, seed) for seed in wanted])
    return found


def _run_traced(batch: Batch, store: Store, rows: Rows, watch: Watch) -> Mode:
    cell = batch.cell
    models = stacked(_references(batch, store))
    kept = _kept(batch, store)
    if kept is not None:  # a new probe on a finished model: nothing to train
        _probe_all(batch, Live(cell, "map", batch.units, end(batch), kept, kept), rows, watch)
        return "map"
    known = store.modes([cell.digest]).get(cell.digest)
    mode: Mode = known[0] if known and known[0] in ("vmap", "map") else choose(cell, batch.units, models)  # pyright: ignore[reportAssignmentType]
    program = programs(cell, mode)
    states = program.start(keys(cell, batch.units, "start", traced=True), models)
    stops = sorted({s for p in batch.probes for s in p.at.steps(end(batch))} | {end(batch)})
    checkpoint = Checkpoint(store.path("checkpoints", f"{batch.name}-{mode}.safetensors"), cell.learner.resumable)
    states, done = checkpoint.resume(states, rows)
    for stop in (s for s in stops if s > done):
        for reached, states in _advance(program, states, models, (done, stop)):  # noqa: B020
            watch(0.95 * reached / max(end(batch), 1))
            checkpoint.offer(states, reached, rows)
        done = stop
        found = program.model(states, models)
        _probe_at(batch, Live(cell, mode, batch.units, stop, states, found), rows)
    if batch.keep:
        found = program.model(states, models)
        for index, seed in enumerate(batch.units):
            weights.save(take(found, index), weights_path(store, cell, seed))
    checkpoint.remove()
    return mode


def _advance(program: Any, states: Any, models: Any, span: tuple[int, int]) -> Any:
    """Advance in segments of about two seconds, so that there is progress to show and a state to keep."""
    done, stop = span
    length = max(1, (stop - done) // 50)
    while done < stop:
        begun = time.perf_counter()
        until = min(done + length, stop)
        states = jax.block_until_ready(program.advance(states, models, until))
        done, took = until, time.perf_counter() - begun
        length = max(1, min(int(length * 2.0 / max(took, 1e-3)), 20 * length))
        yield done, states


def _kept(batch: Batch, store: Store) -> list[Any] | None:
    """The finished models of all the batch's seeds, where they were kept and only the end is probed."""
    if batch.until is not None or any(p.at.steps(end(batch)) != (end(batch),) for p in batch.probes):
        return None
    if not all(weights_path(store, batch.cell, seed).exists() for seed in batch.units):
        return None
    shape = shape_of(batch.cell)
    found = [weights.load(shape, weights_path(store, batch.cell, seed)) for seed in batch.units]
    return None if any(m is None for m in found) else found


def _run_untraced(batch: Batch, store: Store, rows: Rows, watch: Watch) -> None:
    cell = batch.cell
    models, states = [], []
    for index, unit in enumerate(batch.units):
        made = live(cell, [m[index] for m in _references(batch, store)])
        start_seed = 0 if cell.unit == "item" else unit
        words = seeds.words(digest(cell.task), start_seed, "start")
        key = keys(cell, (start_seed,), "start", traced=True)[0] if cell.learner.traced else words
        state = made.learner.start(made.task, key)
        if cell.learner.steps:
            state = made.learner.advance(made.task, state, end(batch))
        states.append(state)
        models.append(made.learner.model(made.task, state))
        watch(0.9 * (index + 1) / len(batch.units))
    _probe_all(batch, Live(cell, "loop", batch.units, end(batch), states, models), rows, watch)


def _probe_at(batch: Batch, live: Live, rows: Rows) -> None:
    for probe in batch.probes:
        if live.step in probe.at.steps(end(batch)):
            _probe(batch, probe, live, rows)


def _probe_all(batch: Batch, live: Live, rows: Rows, watch: Watch) -> None:
    for index, probe in enumerate(batch.probes):
        _probe(batch, probe, live, rows)
        watch(0.9 + 0.1 * (index + 1) / len(batch.probes))


def _probe(batch: Batch, probe: Probe, live: Live, rows: Rows) -> None:
    for split in probe.splits(batch.cell.task):
        ask(probe, live, split, rows, batch.size or None)


def _finished(batch: Batch, rows: Rows, mode: str, times: tuple[float, float, float]) -> Finished:
    cell, (started, seconds, cpu_seconds) = batch.cell, times
    run = provenance() | {
        "batch": batch.name,
        "cell": cell.digest,
        "task": cell.task.name,
        "learner": cell.learner.name,
        "config": cell.config,
        "error": None,
        "step": end(batch),
        "seconds": seconds / len(batch.units),
        "cpu_seconds": cpu_seconds / len(batch.units),
        "mode": mode,
        "chunk": len(batch.units),
        "started": started,
        "probes": [digest(p) for p in batch.probes],
        "bases": [need.digest for need in cell.needs],
    }
    runs = [run | {"seed": unit, "status": "diverged" if unit in rows.diverged else "ok"} for unit in batch.units]
    return Finished(
        batch.name, runs, rows.records, rows.items, [spec(cell.task, "task"), spec(cell.learner, "learner")]
    )


def spec(thing: Any, kind: str) -> Mapping[str, Any]:
    """The row that describes a task or learner to whoever reads the store without its code."""
    import json

    from heldout.core.digest import describe

    low, high = thing.bounds if kind == "task" else (None, None)
    return {
        "digest": digest(thing),
        "name": thing.name,
        "kind": kind,
        "version": type(thing).version,
        "json": json.dumps(describe(thing)),
        "low": low,
        "high": high,
        "chance": thing.chance if kind == "task" else None,
        "step_unit": None if kind == "task" else type(thing).step_unit,
    }
