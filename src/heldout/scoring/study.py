"""The study behind `heldout score`: one model of the user's on one task, beside baselines. It makes no claim."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.discover import find, load
from heldout.core.errors import HeldoutError
from heldout.core.probe import Probe
from heldout.core.study import Budget, Paper, Study
from heldout.learners.fitted import Fitted
from heldout.learners.given import Given
from heldout.learners.reference import found
from heldout.tasks.interfaces import Askable
from heldout.tasks.outside import Outside


@dataclass(frozen=True)
class Asked:
    """What is asked of a model: which shifts, of how many instances, in how many fits, beside baselines or alone."""

    axes: tuple[str, ...] = ()
    limit: int = 1000
    seeds: int = 8
    baselines: bool = True


def scored(model: str, task: str, asked: Asked = Asked(), *, weights: Path | None = None) -> Study:
    """The study of a model on a task, both by name. HeldoutError says what cannot be found or asked."""
    from heldout.probes.calibration import calibration
    from heldout.probes.score import score

    outside = Outside(task_called(task), asked.axes, asked.limit)
    learner = learner_called(model, weights)
    probes = [Probe(score, n=asked.limit)]
    if outside.loss == "cross entropy":
        probes.append(Probe(calibration, on=("iid", "*"), n=asked.limit))
    return Study(
        Paper("score", title=f"{learner.name} on {outside.name}"),
        (outside,),
        (learner, *(_baselines() if asked.baselines else ())),
        claims={},
        probes=tuple(probes),
        budget=Budget(seeds=asked.seeds, items=asked.limit, minutes=60),
    )


def task_called(name: str) -> Askable:
    """The task that `STUDY:TASK` names."""
    slug, colon, wanted = name.rpartition(":")
    if not colon:
        raise HeldoutError(f"{name!r} names no task: write STUDY:TASK, such as corruptions:digits")
    tasks = {t.name: t for t in load(find(slug).reference).tasks}
    if wanted not in tasks:
        raise HeldoutError(f"study {slug} has no task {wanted!r}: it has {', '.join(map(repr, tasks))}")
    if not isinstance(tasks[wanted], Askable):
        raise HeldoutError(f"task {name} cannot be put to a model from outside: it does not offer `questions`")
    return tasks[wanted]


def learner_called(reference: str, weights: Path | None = None) -> Any:
    """An estimator to be fitted, or a model that is asked as it is."""
    thing = found(reference)
    fits = hasattr(thing, "fit") and hasattr(thing, "predict")
    if weights is None and (fits or (_nullary(thing) and _returns_estimator(thing))):
        return Fitted(reference)
    return Given(reference, weights)


def _nullary(thing: Any) -> bool:
    if not inspect.isfunction(thing):
        return False
    return not any(p.default is p.empty for p in inspect.signature(thing).parameters.values())


def _returns_estimator(thing: Any) -> bool:
    made = thing()
    return hasattr(made, "fit") and hasattr(made, "predict")


def _baselines() -> Sequence[Any]:
    """A linear model and a small network, trained on the same data."""
    from heldout.learners.optimiser import AdamW
    from heldout.learners.supervised import Supervised
    from heldout.models.linear import Linear
    from heldout.models.mlp import MLP

    rate = AdamW(3e-3, schedule="cosine")
    return (
        Supervised(Linear(), 1000, optimiser=rate, label="baseline: linear"),
        Supervised(MLP(64), 1000, optimiser=rate, label="baseline: MLP"),
    )
