"""Something that needs no training, asked as it is: what answers texts, a statistic, a verifier, a rule."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from heldout.core import HeldoutError
from heldout.core.seeds import Key


@dataclass(frozen=True)
class AsIs:
    """A model given by dotted path (`package.module:name`), or as the callable itself.

    `source`: the sha256 of the file behind a path, so that an edited model is asked anew.
    """

    given: str | Callable[..., Any]
    label: str = field(default="", compare=False)
    source: str = field(default="", init=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "query"
    steps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if isinstance(self.given, str):
            object.__setattr__(self, "source", _sha256(self.given))

    @property
    def name(self) -> str:
        """The label, else the name of what was given."""
        return self.label or (self.given if isinstance(self.given, str) else self.given.__name__).rpartition(":")[2]

    def start(self, task: Any, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()

    def advance(self, task: Any, state: tuple[()], until: int) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Any, state: tuple[()]) -> Any:  # noqa: ARG002
        """What was given."""
        return _found(self.given) if isinstance(self.given, str) else self.given


def _found(path: str) -> Any:
    module, _, name = path.partition(":")
    thing: Any = import_module(module)
    for part in name.split("."):
        thing = getattr(thing, part, None)
    if not callable(thing):
        raise HeldoutError(f"there is no function {name!r} in {module}: AsIs({path!r}) cannot be asked")
    return thing


def _sha256(path: str) -> str:
    module, _, name = path.partition(":")
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if not name or spec is None or spec.origin is None:
        raise HeldoutError(f"cannot find {path!r}: AsIs takes `package.module:name` of something installed")
    return hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest()
