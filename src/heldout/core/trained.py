"""A reference to the finished model of another cell."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from heldout.core.errors import HeldoutError


@dataclass(frozen=True)
class Trained:
    """The finished model of (task, learner); it may stand as a field in any task or learner.

    `task=None`: the task of the cell that refers to it. `seed=None`: the model of the same seed. The runner orders cells by
    these references, keeps the weights and puts the live model in place of the reference.
    """

    task: Any
    learner: Any
    seed: int | None = None


Place = tuple[str | int, ...]
"""Field names and places in tuples, from a spec down to one of its parts."""


def references(spec: Any) -> Iterator[tuple[Place, Trained]]:
    """Every `Trained` among the fields of a spec (and in tuples of them), with the path that leads to it."""
    for name, value in _parts(spec):
        if isinstance(value, Trained):
            yield (name,), value
        else:
            for path, found in references(value):
                yield (name, *path), found


def _parts(spec: Any) -> Iterator[tuple[str | int, Any]]:
    if is_dataclass(spec) and not isinstance(spec, type):
        yield from ((field.name, getattr(spec, field.name)) for field in fields(spec))
    elif isinstance(spec, tuple | list):
        yield from enumerate(spec)


def put(spec: Any, path: Place, value: Any) -> Any:
    """The spec with the part at `path` replaced."""
    head, *rest = path
    if isinstance(head, int):
        parts = list(spec)
        parts[head] = put(parts[head], tuple(rest), value) if rest else value
        return type(spec)(*parts) if hasattr(spec, "_fields") else type(spec)(parts)
    known = [str(name) for name, _ in _parts(spec)]
    if not is_dataclass(spec) or isinstance(spec, type) or head not in known:
        there = f": there is {', '.join(known)}" if known else ", it is no dataclass"
        raise HeldoutError(f"{getattr(spec, 'name', type(spec).__name__)!r} has no field {head!r}{there}")
    inner = put(getattr(spec, head), tuple(rest), value) if rest else value
    return replace(spec, **{head: inner})
