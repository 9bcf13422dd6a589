"""A model of the user's own that is ready as it is: any function from arrays to arrays, a PyTorch module, what a function builds."""

import hashlib
import inspect
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Key
from heldout.learners.reference import found, stamp
from heldout.models.batched import Batched

COMMAND = "command:"
"""Before a command line that is asked in JSON lines."""


@dataclass(frozen=True)
class Given:
    """A function of arrays by reference; with `weights`, a function without arguments (or a class) that builds a PyTorch module.

    `command:LINE` starts a command and asks it in JSON lines: see `heldout.models.command`. An edited file, an upgraded package or
    other weights make it another model; what stands behind a command nobody knows.
    """

    given: str
    weights: Path | None = None
    label: str = field(default="", compare=False)
    source: str = field(default="", init=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "query"
    steps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", _files(self.given) if self.given.startswith(COMMAND) else stamp(self.given))
        if self.weights is not None and not self.weights.is_file():
            raise HeldoutError(f"no such file of weights: {self.weights}")

    @property
    def name(self) -> str:
        """The label, else the name of what was given."""
        return self.label or (self.given if self.given.startswith(COMMAND) else self.given.rpartition(":")[2])

    def start(self, task: Any, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()

    def advance(self, task: Any, state: tuple[()], until: int) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Any, state: tuple[()]) -> Any:  # noqa: ARG002
        """What answers arrays."""
        if self.given.startswith(COMMAND):
            from heldout.models.command import Command

            return Command(self.given.removeprefix(COMMAND))
        thing = found(self.given)
        if _builds_module(thing, self.weights):
            from heldout.models.torch_module import module

            return Batched(module(thing, self.given, self.weights))
        if self.weights is not None:
            raise HeldoutError(f"--weights {self.weights}: {self.given} is no PyTorch module that could take them")
        if not callable(thing):
            raise HeldoutError(f"{self.given} is {type(thing).__name__}, which cannot be called with inputs")
        return Batched(thing)


def _builds_module(thing: Any, weights: Path | None) -> bool:
    """Whether this is a PyTorch module or makes one; PyTorch is not imported to find out."""
    names = {
        f"{k.__module__}.{k.__name__}"
        for k in (inspect.getmro(thing) if inspect.isclass(thing) else type(thing).__mro__)
    }
    if "torch.nn.modules.module.Module" in names:
        return True
    return weights is not None and callable(thing) and not inspect.isclass(thing) and not _arguments(thing)


def _files(command: str) -> str:
    """The sha256 of the contents of all files that a command line names, so that an edited script is another model."""
    try:
        named = [Path(word) for word in shlex.split(command.removeprefix(COMMAND))]
    except ValueError:
        named = []
    return " ".join(hashlib.sha256(p.read_bytes()).hexdigest() for p in named if p.is_file())


def _arguments(function: Any) -> int:
    parameters = inspect.signature(function).parameters.values()
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
