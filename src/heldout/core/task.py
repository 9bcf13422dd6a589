"""Families of instances with named splits, and what asking a model about them yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar, runtime_checkable

from heldout.core.seeds import Key
from heldout.core.split import Split

M = TypeVar("M")


class Outcomes(NamedTuple):
    """What `n` trials gave: one row per instance.

    `item`: (n, 2) uint32 ids, equal for equal instances. `score`: (n,) within the task's bounds, higher is better.
    `facts`: further (n,) arrays by name (`answer`, `label`, `cluster` ...).
    """

    item: Any
    score: Any
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """One instance for people to look at: text, an image in [0, 1] of shape (h, w) or (h, w, 3), or both."""

    text: str
    answer: str = ""
    image: Any = None


@runtime_checkable
class Task(Protocol[M]):
    """A family of instances that can draw some, ask a model and grade it.

    `traced`: `trials` is pure JAX and may be mapped over seeds with `jax.vmap`. `version` changes with behaviour.
    """

    version: ClassVar[int]
    traced: ClassVar[bool]

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def splits(self) -> Sequence[Split]:
        """The named splits, train splits first."""
        ...

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and highest score, higher is better."""
        ...

    @property
    def chance(self) -> float:
        """The score of guessing."""
        ...

    def trials(self, model: M, split: Split, key: Key, n: int) -> Outcomes:
        """Draw `n` instances (fewer where the split has no more), ask the model, grade its answers."""
        ...

    def samples(self, split: Split, key: Key, n: int) -> list[Sample]:
        """Some instances to look at."""
        ...

    def oracle(self) -> M | None:
        """A model that knows the answers, where one exists."""
        ...
