"""Something that answers texts as it is: a function, or what a dotted path leads to."""

import hashlib
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from heldout.core import HeldoutError
from heldout.core.seeds import Key
from heldout.tasks.interfaces import Prompts, Responder


@dataclass(frozen=True)
class Answering:
    """A responder that needs no training, given by dotted path (`package.module:name`) or as the callable itself.

    `source`: the sha256 of the file behind a path, so that an edited responder is asked anew.
    """

    responder: str | Responder
    label: str = field(default="", compare=False)
    source: str = field(default="", init=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "query"
    steps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if isinstance(self.responder, str):
            object.__setattr__(self, "source", _sha256(self.responder))

    @property
    def name(self) -> str:
        """The label, else the responder's own name."""
        told = self.responder if isinstance(self.responder, str) else getattr(self.responder, "__name__", "responder")
        return self.label or told.partition(":")[2] or told

    def start(self, task: Prompts, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()

    def advance(self, task: Prompts, state: tuple[()], until: int) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Prompts, state: tuple[()]) -> Responder:  # noqa: ARG002
        """The responder."""
        return _found(self.responder) if isinstance(self.responder, str) else self.responder


def _found(path: str) -> Any:
    module, _, name = path.partition(":")
    thing: Any = import_module(module)
    for part in name.split("."):
        thing = getattr(thing, part, None)
    if not callable(thing):
        raise HeldoutError(f"{path} is not a function from text to text: there is no callable {name!r} in {module}")
    return thing


def _sha256(path: str) -> str:
    module, colon, name = path.partition(":")
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if not (colon and name) or spec is None or spec.origin is None:
        raise HeldoutError(f"cannot find the responder {path!r}: give `package.module:name` of something installed")
    return hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest()
