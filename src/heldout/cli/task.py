"""What a text on the command line means: a study, a task of a study, or a task by dotted path."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heldout.core.study import Study


def find(reference: str) -> "tuple[Study | None, Any]":
    """(study, None) for a study, (study, task) for `STUDY:TASK`, (None, task) for a task of a module.

    A study may be a slug, a file ending in .py or a module; a task of a module is `package.module:task` or, where it is a class,
    which is made with its defaults, `package.module.Task` as well. HeldoutError where there is none.
    """
    from heldout.core.errors import HeldoutError

    base, inner = _parted(reference)
    if not inner:
        return _study(base), None
    try:
        study = _study(base)
    except HeldoutError:
        if "." not in base:
            raise
        study = None
    if study is not None:
        for task in study.tasks:
            if task.name == inner:
                return study, task
        if "." not in base:
            raise HeldoutError(f"study {study.slug!r} has no task {inner!r}: there is {_names(study)}")
    return _named(base, inner)


def one(reference: str) -> Any:
    """The one task that a text means; a study stands for its task where it has a single one."""
    from heldout.core.errors import HeldoutError

    study, task = find(reference)
    if task is not None or study is None:
        return task
    if len(study.tasks) != 1:
        raise HeldoutError(f"{reference} has {len(study.tasks)} tasks: add one of {_names(study, ':')}")
    return study.tasks[0]


def key(task: Any, *purpose: str | int) -> Any:
    """The key of a purpose for a task, as the runner makes them; words, without JAX, where the task is not traced."""
    from heldout.core.digest import digest
    from heldout.core.seeds import words

    if not task.traced:
        return words(digest(task), *purpose)
    from heldout.runner.together import key as traced

    return traced(True, digest(task), *purpose)


def _parted(reference: str) -> tuple[str, str]:
    if reference.endswith(".py"):
        return reference, ""
    file, suffix, inner = reference.partition(".py:")
    if suffix:
        return f"{file}.py", inner
    base, colon, inner = reference.partition(":")
    if not colon and "." in base and base.rpartition(".")[2][:1].isupper() and "/" not in base:
        base, _, inner = base.rpartition(".")
    return base, inner


def _study(name: str) -> "Study":
    from heldout.cli.options import load

    return load(name)[1]


def _named(base: str, inner: str) -> "tuple[Study | None, Any]":
    """Whatever stands under a name in a module or file: a study, a task, or the class of a task."""
    from heldout.core.discover import fetch
    from heldout.core.discover import find as found
    from heldout.core.errors import HeldoutError
    from heldout.core.study import Study

    reference = found(f"{base}:{inner}").reference
    thing = fetch(reference)
    if isinstance(thing, Study):
        return thing, None
    if isinstance(thing, type) and hasattr(thing, "trials"):
        try:
            thing = thing()
        except TypeError as error:
            raise HeldoutError(f"{base}:{inner} cannot be made without arguments: name a task that is made") from error
    if not hasattr(thing, "samples") or not hasattr(thing, "splits"):
        raise HeldoutError(f"{base}:{inner} is {thing!r:.60}, neither a study nor a task")
    return None, thing


def _names(study: "Study", before: str = "") -> str:
    return ", ".join(f"{before}{task.name}" for task in study.tasks)
