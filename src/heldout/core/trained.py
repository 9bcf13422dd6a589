"""A reference to the finished model of another cell."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Trained:
    """The finished model of (task, learner); it may stand as a field in any task or learner.

    `task=None`: the task of the cell that refers to it. `seed=None`: the model of the same seed. The runner orders cells by these references,
    keeps the weights and puts the live model in place of the reference.
    """

    task: Any
    learner: Any
    seed: int | None = None


def references(spec: Any) -> Iterator[tuple[tuple[str, ...], Trained]]:
    """Every `Trained` among the fields of a spec, with the path of field names that leads to it."""
    if is_dataclass(spec) and not isinstance(spec, type):
        for field in fields(spec):
            value = getattr(spec, field.name)
            if isinstance(value, Trained):
                yield (field.name,), value
            else:
                for path, found in references(value):
                    yield (field.name, *path), found


def put(spec: Any, path: tuple[str, ...], value: Any) -> Any:
    """The spec with the field at `path` replaced."""
    head, *rest = path
    inner = put(getattr(spec, head), tuple(rest), value) if rest else value
    return replace(spec, **{head: inner})
