"""What the pages of a task and of a learner show."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from heldout.core.trained import Trained
from heldout.report.sample import Samples, samples
from heldout.report.site.board import Leaders, leaders
from heldout.report.site.shelf import Shelf, Thing
from heldout.report.text import line, plain
from heldout.report.training import trained_for

SPLITS = 60
"""Rows of a table of splits."""


@dataclass(frozen=True)
class TaskPage:
    """One task: its own words, its score, its splits, boards and instances."""

    thing: Thing
    about: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    splits: tuple[tuple[str, str, str, str], ...]
    more: int
    boards: tuple[Leaders, ...]
    shown: Samples | None


@dataclass(frozen=True)
class LearnerPage:
    """One learner: its own words, its settings, and where it stands on every task; (task, slug, place, estimate, interval)."""

    thing: Thing
    about: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    scores: tuple[tuple[str, str, Leaders], ...]
    own: frozenset[tuple[str, str]] = frozenset()


def task_page(thing: Thing) -> TaskPage:
    """The page of a task."""
    task = thing.value
    low, high = task.bounds
    splits = tuple(task.splits)
    rows = tuple((s.name, s.axis or "", s.group or "", "" if s.level is None else f"{s.level:g}") for s in splits)
    facts = (("score", f"{low:g} to {high:g}, higher is better"), ("chance", f"{task.chance:.3g}"), *settings(task))
    return TaskPage(thing, words(task), facts, rows[:SPLITS], len(rows) - SPLITS, leaders(thing), _samples(thing))


def learner_page(thing: Thing, shelf: Shelf) -> LearnerPage:
    """The page of a learner: the boards of the tasks that it was run on."""
    own = frozenset((u.slug, u.thing.name) for u in thing.uses)
    mine = [
        (task.name, task.address, board)
        for task in shelf.tasks
        for board in leaders(task)
        if any((s.slug, s.learner) in own for s in board.standings)
    ]
    facts = (("trained for", trained_for(thing.value)), *settings(thing.value))
    return LearnerPage(thing, words(thing.value), facts, tuple(mine), own)


def words(value: Any) -> tuple[str, ...]:
    """The paragraphs of what a thing's class says of itself."""
    text = inspect.cleandoc(type(value).__doc__ or "") if not _made(value) else ""
    return tuple(p.replace("\n", " ") for p in plain(text).split("\n\n") if p.strip())


def settings(value: Any) -> tuple[tuple[str, str], ...]:
    """The fields of a frozen spec, in its own order, in words."""
    if not is_dataclass(value):
        return ()
    shown = ((f.name, getattr(value, f.name)) for f in fields(value) if f.name not in ("label", "name"))
    return tuple((name.replace("_", " "), line(_said(one))[:200]) for name, one in shown)


def _said(value: Any) -> str:
    if isinstance(value, Trained):
        return f"the finished {value.learner.name}" + (f" on {value.task.name}" if value.task is not None else "")
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_said(v)}" for k, v in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(_said, value)) or "none"
    named = getattr(value, "name", None)
    return named if isinstance(named, str) else getattr(value, "__qualname__", None) or str(value)


def _made(value: Any) -> bool:
    """Whether the class has no words but those that `dataclass` writes."""
    return (type(value).__doc__ or "").startswith(f"{type(value).__name__}(")


def _samples(thing: Thing) -> Samples | None:
    for use in thing.uses:
        found = samples(replace(use.result, study=replace(use.result.study, claims={}, measures={}, tasks=[use.thing])))
        if use.thing.name in found:
            return found[use.thing.name]
    return None
