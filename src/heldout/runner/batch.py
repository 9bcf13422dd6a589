"""One batch from nothing to its file in the store."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.probe import Probe
from heldout.runner import weights
from heldout.runner.asking import Live, Rows, ask
from heldout.runner.checkpoint import Checkpoint
from heldout.runner.event import Report
from heldout.runner.memory import give_back
from heldout.runner.mode import settled, stacked
from heldout.runner.plan import Batch
from heldout.runner.provenance import provenance
from heldout.runner.together import Mode, key, keys, live, programs, shape_of, take
from heldout.store import Finished, Store

Watch = Callable[[float], None]
"""Told the share of the batch that is done, between 0 and 1."""


def run(batch: Batch, store: Store, watch: Watch = lambda _: None) -> Report:
    """Train (or load), probe, and write one batch; a bad spec raises `HeldoutError`."""
    began, clock, cpu = time.time(), time.monotonic(), time.process_time()
    rows = Rows()
    mode = (_run_compiled if compiled(batch.cell) else _run_plain)(batch, store, rows, watch)
    seconds, cpu_seconds = time.monotonic() - clock, time.process_time() - cpu  # no clock that may be set is in it
    store.write(_finished(batch, rows, mode, (began, seconds, cpu_seconds)))
    give_back()
    return Report(batch.name, batch.cell.digest, batch.units, seconds, len(rows.diverged))


def compiled(cell: Cell) -> bool:
    """Whether the cell's seeds run as one compiled program: it and all that it builds on are pure JAX, and it trains."""
    return cell.unit == "seed" and cell.learner.traced and all(compiled(need) for need in cell.needs)


def end(batch: Batch) -> int:
    """The step at which a batch ends: the learner's, unless capped."""
    return batch.cell.learner.steps if batch.until is None else min(batch.until, batch.cell.learner.steps)


def weights_path(store: Store, cell: Cell, seed: int) -> Path:
    """Where the finished model of a cell's seed is kept."""
    return store.path("weights", cell.digest, f"{seed}.safetensors")


def trained(store: Store, cell: Cell, seed: int) -> Any:
    """The finished model of a cell's seed: kept weights, or made again where it is no tree of arrays."""
    if not compiled(cell):
        made = live(cell, _models(cell, store, seed))
        return made.learner.model(made.task, _plain_state(made, cell, seed, cell.learner.steps))
    model = weights.load(shape_of(cell), weights_path(store, cell, seed))
    if model is None:  # no mistake of the user's: the cell that it comes from failed, or its file was lost or damaged
        store.set_aside(weights_path(store, cell, seed))  # so that the next run makes it again
        raise LookupError(f"there are no weights of {cell.name}, seed {seed}")
    return model


def _models(cell: Cell, store: Store, seed: int) -> list[Any]:
    """The models that one seed of a cell refers to."""
    wanted = (
        (need, seed if t.seed is None else t.seed) for (_, t), need in zip(cell.references, cell.needs, strict=True)
    )
    return [trained(store, need, one) for need, one in wanted]


def _references(batch: Batch, store: Store) -> list[list[Any]]:
    """For each reference, its model for every seed of the batch."""
    return [list(models) for models in zip(*(_models(batch.cell, store, seed) for seed in batch.units), strict=True)]


def _run_compiled(batch: Batch, store: Store, rows: Rows, watch: Watch) -> Mode:
    cell, references = batch.cell, _references(batch, store)
    kept = _kept(batch, store)
    if kept is not None:  # a new probe on a finished model: nothing to train
        states = [None] * len(kept)
        _probe_all(batch, Live(cell, "map", batch.units, end(batch), states, kept, references), rows, watch)
        return "map"
    models = stacked(references)
    mode = settled(store, cell, batch.units, models) if end(batch) and batch.until is None else "map"
    program = programs(cell, mode)
    states = program.start(keys(cell, batch.units, "start", traced=True), models)
    checkpoint = Checkpoint(store.path("checkpoints", f"{batch.name}-{mode}.safetensors"), cell.learner.resumable)
    states, done = checkpoint.resume(states, rows)
    for stop in (s for s in _stops(batch) if s > done):
        for reached, states in _advance(program, states, models, (max(done, 0), stop)):  # noqa: B020
            watch(0.95 * reached / end(batch))
            if reached < stop:
                checkpoint.offer(states, reached, rows)
        done = stop
        found = program.model(states, models)
        _probe_at(batch, Live(cell, mode, batch.units, stop, states, found, references), rows)
        checkpoint.offer(states, stop, rows)
    if batch.keep:
        found = program.model(states, models)
        for index, seed in enumerate(batch.units):
            path = weights_path(store, cell, seed)
            weights.save(take(found, index), path)
            store.share(path)
    checkpoint.remove()
    return mode


def _stops(batch: Batch) -> list[int]:
    """The steps at which something is to be measured, and the last."""
    return sorted({s for p in batch.probes for s in p.at.steps(end(batch))} | {end(batch)})


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


def _run_plain(batch: Batch, store: Store, rows: Rows, watch: Watch) -> Mode:
    """Seed after seed in Python; what never trains is made once, and asked block after block."""
    cell, references, stops = batch.cell, _references(batch, store), _stops(batch)
    made = [live(cell, [models[index] for models in references]) for index in range(len(batch.units))]
    states: list[Any] = [None] * len(made)
    for at, stop in enumerate(stops):
        for index, unit in enumerate(batch.units):
            states[index] = _plain_state(made[index], cell, unit, stop, states[index] if at else None)
            watch(0.9 * (at + (index + 1) / len(made)) / len(stops))
        models = [one.learner.model(one.task, state) for one, state in zip(made, states, strict=True)]
        _probe_at(batch, Live(cell, "loop", batch.units, stop, list(states), models, references), rows)
    return "loop"


def _plain_state(made: Cell, cell: Cell, unit: int, until: int, state: Any = None) -> Any:
    """The state of one seed at step `until`, from a given one or from its start. `made`: the cell with live models."""
    if state is None:
        seed = 0 if cell.unit == "item" else unit
        state = made.learner.start(made.task, key(cell.learner.traced, digest(cell.task), seed, "start"))
    return made.learner.advance(made.task, state, until) if until else state


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
