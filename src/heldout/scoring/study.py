"""The study behind `heldout score`: one model of the user's on one task, beside baselines. It makes no claim."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from heldout.core.discover import find, load
from heldout.core.errors import HeldoutError
from heldout.core.probe import Probe
from heldout.core.study import Budget, Paper, Study
from heldout.learners.fitted import Fitted
from heldout.learners.given import COMMAND, Given
from heldout.learners.reference import found
from heldout.tasks.divided import Divided
from heldout.tasks.interfaces import Askable
from heldout.tasks.outside import Outside
from heldout.tasks.tabular.table import Table
from heldout.tasks.vision.folders import Folders

FEW, MOST = 1000, 50_000
"""Instances of a split of a study's task, and of the user's own data, that are asked about at most where nothing is said."""

SUFFIXES = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Asked:
    """What is asked of a model: which shifts, of how many instances, in how many fits, beside baselines or alone.

    `target`, `shift`, `prediction`, `features` (all others if none is named): columns of the user's table, where the task is one.
    `networks`: on a table, networks trained by methods for domain generalization beside it as well; `select` says which step of
    them counts. `size`: the side of the square to which the user's images are scaled.
    """

    axes: tuple[str, ...] = ()
    limit: int | None = None
    seeds: int = 8
    baselines: bool = True
    target: str | None = None
    shift: str | None = None
    prediction: str | None = None
    features: tuple[str, ...] = ()
    networks: bool = False
    size: int | None = None
    select: Literal["last", "best"] = "last"


def posed(model: str, task: str, asked: Asked, *, weights: Path | None = None) -> Study:
    """The study that `heldout score` conducts, whatever was named: a model and a task, predictions, or data alone."""
    if is_data(model):
        if task:
            raise HeldoutError(f"{model} is data already, so that TASK {task} means nothing: leave it out")
        only_baselines = asked.networks and asked.prediction is None
        return alone(model, asked) if only_baselines else predicted(model, asked)
    if not task:
        raise HeldoutError("which TASK? such as corruptions:digits, or data.csv with --target")
    if asked.prediction is not None:
        raise HeldoutError(f"--prediction {asked.prediction}: MODEL is a table then, and {model} is none")
    return scored(model, task, asked, weights=weights)


def scored(model: str, task: str, asked: Asked = Asked(), *, weights: Path | None = None) -> Study:
    """The study of a model on a task, both by name. HeldoutError says what cannot be found or asked."""
    given = _task(task, asked)
    if asked.target is not None and not isinstance(given, Table):
        raise HeldoutError(f"--target {asked.target}: {task} is no table; give a CSV, Parquet or JSON file")
    if asked.size is not None and not isinstance(given, Folders):
        raise HeldoutError(f"--size {asked.size}: {task} is no folder of images, which alone are scaled")
    learner = learner_called(model, weights)
    return _study(given, (learner, *_beside(given, asked)), asked)


def alone(data: str, asked: Asked) -> Study:
    """The study of the baselines and networks on a table or folders of images, without any model of the user's."""
    given = _task(data, asked)
    return replace(
        _study(given, _beside(given, asked), asked), paper=Paper("score", title=f"Baselines on {given.name}")
    )


def predicted(table: str, asked: Asked) -> Study:
    """The study of predictions that a table holds already, in the column `asked.prediction`."""
    if asked.prediction is None or asked.target is None:
        raise HeldoutError(
            f"{table}: predictions need --target and --prediction, the columns of the truth and of the guess; "
            "--baselines instead of --prediction scores baselines alone"
        )
    given = Given("heldout.learners.baselines:as_given", label=asked.prediction)
    return _study(table_called(table, asked), (given,), asked)


def _task(task: str, asked: Asked) -> Any:
    if is_table(task):
        return table_called(task, asked)
    if Path(task).is_dir():
        return folders_called(task, asked)
    return Outside(task_called(task), asked.axes, _most(asked, FEW))


def _study(task: Any, learners: Sequence[Any], asked: Asked) -> Study:
    from heldout.probes.calibration import calibration
    from heldout.probes.score import score

    most = task.limit
    probes = [Probe(score, n=most)]
    if task.loss == "cross entropy" and asked.prediction is None:
        probes.append(replace(probes[0], function=calibration, on=("iid", "*")))
    return Study(
        Paper("score", title=f"{learners[0].name} on {task.name}"),
        (task,),
        learners,
        claims={},
        probes=tuple(probes),
        budget=Budget(seeds=asked.seeds, items=most, minutes=60),
    )


def warnings(study: Study) -> tuple[str, ...]:
    """What a good reviewer would ask about the user's table."""
    from heldout.tasks.tabular.leakage import leaks

    fitted = any(isinstance(x, Fitted) for x in study.learners)
    found = [text for task in study.tasks if fitted and isinstance(task, Divided) for text in leaks(task)]
    return (*found, *_numbered(study))


def _numbered(study: Study) -> Iterator[str]:
    """What a function that answers class numbers must know of a table whose classes are other numbers."""
    given = [x.name for x in study.learners if isinstance(x, Given)]
    for task in study.tasks:
        if not (given and isinstance(task, Table)) or task.guessed:
            continue
        names = task.read.classes
        if names and names[0] != "0" and all(n.lstrip("-").isdigit() for n in names):
            told = ", ".join(f"{i} means {name}" for i, name in enumerate(names[:3]))
            yield f"{given[0]} is asked for class numbers, not for values of {task.target!r}: {told}"


def is_table(name: str) -> bool:
    """Whether a name is that of a file of columns."""
    return Path(name).suffix.lower() in SUFFIXES


def is_data(name: str) -> bool:
    """Whether a name is that of the user's own data: a file of columns, or a folder."""
    return is_table(name) or Path(name).is_dir()


def folders_called(name: str, asked: Asked) -> Folders:
    """The user's images as a task. HeldoutError says what is wrong with their folders."""
    for given, option in ((asked.shift, "--shift"), (asked.features, "--features"), (asked.axes, "--axis")):
        if given:
            raise HeldoutError(
                f"{option}: {name} is a folder; its images are shifted along the folders DOMAIN/CLASS/ alone"
            )
    return Folders(Path(name), asked.size, _most(asked, MOST))


def table_called(name: str, asked: Asked) -> Table:
    """The user's table as a task. HeldoutError names what it lacks."""
    if asked.target is None:
        raise HeldoutError(f"{name}: which column is to be predicted? give --target COLUMN")
    if asked.axes:
        raise HeldoutError("--axis chooses among the shifts of a study's task; a table has the one of --shift")
    features = asked.features if asked.prediction is None else (asked.prediction,)
    return Table(Path(name), asked.target, asked.shift, features, _most(asked, MOST), asked.prediction is not None)


def _most(asked: Asked, usual: int) -> int:
    return usual if asked.limit is None else asked.limit


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
    if reference.startswith(COMMAND):
        return Given(reference)
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
    try:
        made = thing()
    except Exception:  # noqa: BLE001 - a function of arrays whose argument has a default
        return False
    return hasattr(made, "fit") and hasattr(made, "predict")


def _beside(task: Any, asked: Asked) -> Sequence[Any]:
    """What stands beside a model."""
    if not asked.baselines:
        return ()
    if not (asked.networks and isinstance(task, Divided)):
        return _baselines(task)
    from heldout.learners.domains.on_table import networks

    plain = _baselines(task)
    return (*(plain if isinstance(task, Table) else plain[:1]), *networks(task, asked.select))


def _baselines(task: Any) -> Sequence[Any]:
    """A linear model, and a small network or boosted trees, trained on the same data."""
    if isinstance(task, Table):
        kind = "classifier" if task.classes else "regressor"
        return tuple(
            Fitted(f"heldout.learners.baselines:{name}_{kind}", label=f"baseline: {label}")
            for name, label in (("linear", "linear"), ("boosted", "boosted trees"))
        )
    if isinstance(task, Folders):
        from heldout.learners.domains.on_table import networks

        linear = Fitted("heldout.learners.baselines:linear_classifier", label="baseline: linear")
        return linear, replace(networks(task)[0], label="baseline: MLP")
    from heldout.learners.optimiser import AdamW
    from heldout.learners.supervised import Supervised
    from heldout.models.linear import Linear
    from heldout.models.mlp import MLP

    rate = AdamW(3e-3, schedule="cosine")
    return (
        Supervised(Linear(), 1000, optimiser=rate, label="baseline: linear"),
        Supervised(MLP(64), 1000, optimiser=rate, label="baseline: MLP"),
    )
