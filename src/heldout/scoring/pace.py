"""Whether a model is too slow for all that is asked of it, found out before it is asked."""

import math
import time
from typing import Any

from heldout.core.cell import grid
from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.study import Study
from heldout.lab import rows
from heldout.learners.given import Given
from heldout.report.number import duration
from heldout.store import Store
from heldout.tasks.answer import answers

LONG = 600.0
"""Seconds that may pass without anybody having asked for it."""


def paced(study: Study, store: Store) -> None:
    """HeldoutError where a given model that the store knows nothing of would need more than ten minutes, with a `--limit` that fits."""
    for cell in grid(study):
        if isinstance(cell.learner, Given) and not _known(study, cell, store):
            model = cell.learner.model(cell.task, ())
            each, counts = seconds_each(model, cell.task), _counts(cell.task, study)
            if each * sum(counts) > LONG:
                fits = max(1, math.floor(LONG / each / len(counts)))
                raise HeldoutError(
                    f"{cell.learner.name} takes {duration(each)} an instance, {duration(each * sum(counts))} for the {sum(counts):,} that "
                    f"are asked about: say how many of a split are asked about at most, such as --limit {fits} "
                    f"({duration(each * fits * len(counts))})"
                )


def seconds_each(model: Any, task: Any) -> float:
    """Seconds that a model takes for an instance, as soon as a second has passed in asking about some (at most 64).

    The first answer is not counted: it may load or compile something.
    """
    inputs = task.questions(_test(task)[0], words("pace"), 64).inputs
    classes = task.outputs if task.loss == "cross entropy" else None
    answers(model, inputs[:1], classes)
    done, spent, size = 0, 0.0, 1
    while done < len(inputs) and spent < 1.0:
        start = time.perf_counter()
        answers(model, inputs[done : done + size], classes)
        spent += time.perf_counter() - start
        done, size = min(done + size, len(inputs)), 2 * size
    return spent / max(done, 1)


def _counts(task: Any, study: Study) -> list[int]:
    """How many instances each probe asks about on each split."""
    sizes = {s.name: len(task.questions(s, words("pace"), task.limit).item) for s in task.splits}
    return [sizes[s.name] for probe in study.probes for s in probe.splits(task)]


def _test(task: Any) -> list[Any]:
    return [s for s in task.splits if not s.train]


def _known(study: Study, cell: Any, store: Store) -> bool:
    return len(rows(study, [cell], store).records["seed"]) > 0
