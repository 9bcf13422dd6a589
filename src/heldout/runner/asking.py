"""Taking probes on finished or half-finished models, and turning what they yield into rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.probe import Probe, Snapshot
from heldout.core.split import Split
from heldout.core.task import Outcomes
from heldout.runner.together import Mode, keys, live, stack, state_axes, take, take_state


@dataclass
class Rows:
    """Records and items of one batch, as columns that grow."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    items: dict[str, list[Any]] = field(default_factory=dict)
    diverged: set[int] = field(default_factory=set)

    def record(self, **row: Any) -> None:
        """Append one record."""
        for name, value in row.items():
            self.records.setdefault(name, []).append(value)

    def item(self, columns: Mapping[str, Any], n: int) -> None:
        """Append `n` items; values that are not arrays are the same for all."""
        for name, value in columns.items():
            values = list(value) if isinstance(value, np.ndarray | list) else [value] * n
            self.items.setdefault(name, []).extend(values)


@dataclass(frozen=True)
class Live:
    """Models (and states) of some seeds at one step: stacked for `vmap`, else one per seed.

    `references`: the live models that the cell refers to, a list of one per seed for each. Models that were kept come
    without their states, which are then None.
    """

    cell: Cell
    mode: Mode
    units: tuple[int, ...]
    step: int
    states: Any
    models: Any
    references: Sequence[Sequence[Any]] = ()

    def one(self, index: int) -> tuple[Any, Any]:
        """(state, model) of one seed."""
        return self._each[index]

    @cached_property
    def _each(self) -> list[tuple[Any, Any]]:
        """Taken apart once, since taking one seed's part of every array costs more than asking a small model."""
        if isinstance(self.models, list):
            return list(zip(self.states, self.models, strict=True))
        every = range(len(self.units))
        return [(take_state(self.states, index), take(self.models, index)) for index in every]

    @cached_property
    def diverged(self) -> frozenset[int]:
        """The units whose model has a number in it that is none: classes and actions may hide that from the score."""
        found = (self.one(index)[1] for index in range(len(self.units)))
        return frozenset(unit for unit, model in zip(self.units, found, strict=True) if _has_nan(model))


def _has_nan(model: Any) -> bool:
    arrays = (x for x in jax.tree.leaves(model) if isinstance(x, jax.Array | np.ndarray))
    return any(bool(jnp.isnan(x).any()) for x in arrays if jnp.issubdtype(x.dtype, jnp.inexact))


def ask(probe: Probe, live: Live, split: Split, rows: Rows, n: int | None = None) -> None:
    """Take a probe on one split for every seed, and append what it yields.

    Probes are called eagerly: tasks compile what is worth compiling, once for all splits.
    """
    rows.diverged |= live.diverged
    for unit, found in _take(probe, live, split, n or probe.n):
        if isinstance(found, Outcomes):
            _append_outcomes(probe, live, split, unit, found, rows)
        else:
            for name, value in found.items():
                _append(probe, live, split, rows, (unit, f"{probe.name}.{name}", float(value), 0))


def _take(probe: Probe, now: Live, split: Split, n: int) -> Iterator[tuple[int, Any]]:
    traced = now.cell.task.traced
    every = keys(now.cell, now.units, f"trials:{split.name}", traced=traced)

    def call(state: Any, model: Any, references: Sequence[Any], one: Any) -> Any:
        cell = live(now.cell, references)
        return probe.function(Snapshot(cell.task, cell.learner, state, model, now.step), split, one, n)

    if now.mode == "vmap" and traced:
        references = tuple(stack(models) for models in now.references)
        together = jax.vmap(call, in_axes=(state_axes(now.states), 0, 0, 0))
        stacked = jax.device_get(together(now.states, now.models, references, every))
        for index, unit in enumerate(now.units):
            yield unit, take(stacked, index)
        return
    for index, unit in enumerate(now.units):
        found = call(*now.one(index), [models[index] for models in now.references], every[index])
        yield unit, jax.device_get(found) if traced else found


def _append(probe: Probe, live: Live, split: Split, rows: Rows, what: tuple[int, str, float, int]) -> None:
    unit, name, value, n = what
    rows.record(
        cell=live.cell.digest,
        task=live.cell.task.name,
        learner=live.cell.learner.name,
        config=live.cell.config,
        seed=unit,
        on="",
        split=split.name,
        axis=split.axis,
        group=split.group,
        level=split.level,
        probe=name,
        probe_digest=digest(probe),
        step=live.step,
        value=value,
        censored=False,
        n=n,
    )


def _append_outcomes(probe: Probe, live: Live, split: Split, unit: int, found: Outcomes, rows: Rows) -> None:
    scores = _checked(live.cell, split, found)
    bad = ~np.isfinite(scores) | (unit in live.diverged)
    if bad.any():  # a diverged run scores the task's worst, and is counted
        rows.diverged.add(unit)
        scores = np.where(bad, live.cell.task.bounds[0], scores)
    _append(probe, live, split, rows, (unit, "score", float(scores.mean()), len(scores)))
    if probe.items or live.cell.unit == "item":
        ids = np.asarray(found.item, np.uint64)
        status = np.asarray(found.facts.get("status", np.where(bad, "error", "ok"))).astype(str)
        answer = np.asarray(found.facts.get("answer", np.full(len(scores), ""))).astype(str)
        columns = {
            "cell": live.cell.digest,
            "task": live.cell.task.name,
            "learner": live.cell.learner.name,
            "config": live.cell.config,
            "seed": unit,
            "on": "",
            "split": split.name,
            "axis": split.axis,
            "group": split.group,
            "level": split.level,
            "probe": "score",
            "probe_digest": digest(probe),
            "step": live.step,
            "item": (ids[:, 0] << np.uint64(32)) | ids[:, 1],
            "position": np.arange(len(scores)) + (unit if live.cell.unit == "item" else 0),
            "sample": 0,
            "value": scores,
            "status": status,
            "answer": answer,
        }
        rows.item(columns, len(scores))


def _checked(cell: Cell, split: Split, found: Outcomes) -> np.ndarray:
    scores = np.asarray(found.score, np.float64)
    where = f"task {cell.task.name!r}, split {split.name!r}, learner {cell.learner.name!r}"
    if scores.ndim != 1 or len(scores) == 0 or np.shape(found.item) != (len(scores), 2):
        raise HeldoutError(
            f"{where}: trials() gave scores of shape {scores.shape} and items of shape {np.shape(found.item)}; "
            "it must give (n,) and (n, 2) with n > 0"
        )
    low, high = cell.task.bounds
    outside = scores[np.isfinite(scores) & ((scores < low - 1e-6) | (scores > high + 1e-6))]
    if len(outside):
        raise HeldoutError(
            f"{where}: score {outside[0]:g} lies outside the task's bounds [{low:g}, {high:g}]: mend the one or the other"
        )
    return np.clip(scores, low, high)
