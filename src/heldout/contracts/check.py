"""Holding every contract that applies against a study, a cell or a task."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from heldout.contracts import learner as on_learner
from heldout.contracts import study as on_study
from heldout.contracts import task as on_task
from heldout.contracts.finding import Finding
from heldout.contracts.shift import shifts
from heldout.contracts.trial import barely_trained
from heldout.core.cell import Cell, cells
from heldout.core.errors import HeldoutError, first_line
from heldout.core.study import Study

Problems = tuple[str, ...]


def check(thing: Any, reference: str = "", path: Path | None = None) -> list[Finding]:
    """What every contract says of a `Study`, of a `Cell` (a task and a learner), or of a task that has an oracle.

    `reference`: where another process finds a study. `path`: its file, whose name should be its slug.
    """
    return list(findings(thing, reference, path))


def findings(thing: Any, reference: str = "", path: Path | None = None) -> Iterator[Finding]:
    """The same, one by one as they are worked out."""
    if isinstance(thing, Study):
        yield from _study(thing, reference, path)
    elif isinstance(thing, Cell):
        yield from _task(thing.task, thing)
        yield from _cell(thing)
    elif hasattr(thing, "trials"):
        yield from _task(thing, None)
    elif hasattr(thing, "advance"):
        raise HeldoutError(f"{_name(thing)} is a learner: check(Cell(task, learner)) says on which task")
    else:
        raise HeldoutError(f"{thing!r:.80} is no study, cell or task")


def _study(study: Study, reference: str, path: Path | None) -> Iterator[Finding]:
    if path is not None:
        yield _held("named after its file", study.slug, lambda: on_study.named_after_its_file(study, path))
    yield _held("digests are stable", study.slug, lambda: on_study.stable(study))
    if reference:
        yield _held("digests are stable elsewhere", study.slug, lambda: on_study.same_elsewhere(study, reference))
    yield _held("claims are decidable", study.slug, lambda: on_study.decidable(study))
    for task in study.tasks:
        yield from _task(task, next((c for x in study.learners for c in cells(task, x)), None))
    for learner in study.learners:
        yield from _cell(next(c for t in study.tasks for c in cells(t, learner)))
    yield _held("smoke run", study.slug, lambda: on_study.runs(study))


def _task(task: Any, cell: Cell | None) -> Iterator[Finding]:
    name = f"task {_name(task)}"
    yield (whole := _held("complete", name, lambda: on_task.complete(task)))
    if whole.problems:
        return
    model = task.oracle()
    if model is None and cell is not None:
        made, model = barely_trained(cell)
        task = made.task
    yield _held("shifts shift", name, lambda: shifts(task, model))
    yield _held("chance < oracle", name, lambda: on_task.solvable(task))
    asked: dict[str, Callable[[Any, Any], Problems]] = {
        "deterministic": on_task.repeats,
        "bounds are kept": on_task.bounded,
        "items are unique": on_task.distinct,
        "splits are disjoint": on_task.disjoint,
    }
    for contract, held in asked.items():
        if model is None:
            yield Finding(contract, name, skipped="it has no oracle to ask: check a study, or Cell(task, learner)")
        else:
            yield _held(contract, name, lambda held=held: held(task, model))


def _cell(cell: Cell) -> Iterator[Finding]:
    name = f"learner {_name(cell.learner)}"
    yield (whole := _held("complete", name, lambda: on_learner.complete(cell.learner)))
    if not whole.problems:
        yield _held("deterministic", name, lambda: on_learner.repeats(cell))
        yield _held("resumes", name, lambda: on_learner.resumes(cell))
        yield _held("learns from train splits only", name, lambda: on_learner.trains_on_train_only(cell))


def _held(contract: str, thing: str, problems: Callable[[], Problems]) -> Finding:
    """The finding; what a thing raises when it is asked is a problem of its own."""
    try:
        return Finding(contract, thing, problems())
    except HeldoutError as error:
        return Finding(contract, thing, (str(error),))
    except Exception as error:  # noqa: BLE001 - other people's code is on trial here
        message = first_line(error)
        return Finding(contract, thing, (f"raises {type(error).__name__}: {message}",))


def _name(thing: Any) -> str:
    return getattr(thing, "name", type(thing).__name__)
