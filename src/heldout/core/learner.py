"""Training methods, and things that need no training."""

from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from heldout.core.seeds import Key

T_contra = TypeVar("T_contra", contravariant=True)
S = TypeVar("S")
M_co = TypeVar("M_co", covariant=True)


@runtime_checkable
class Learner(Protocol[T_contra, S, M_co]):
    """A training method written for one seed; the runner runs many seeds together.

    `traced`: `start` and `advance` are pure JAX. `resumable`: the state between two calls of `advance` is all there is.
    `steps == 0`: nothing to advance (an endpoint, an estimator, a verifier); then the unit of inference is the item.
    A leaf of the state that is called `step` must depend on nothing but `until`: all seeds share it.
    """

    version: ClassVar[int]
    traced: ClassVar[bool]
    resumable: ClassVar[bool]
    step_unit: ClassVar[str]

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def steps(self) -> int:
        """How far to advance, in units of `step_unit`."""
        ...

    def start(self, task: T_contra, key: Key) -> S:
        """The state before the first step."""
        ...

    def advance(self, task: T_contra, state: S, until: int) -> S:
        """The state at step `until` (traced: an array, so that one program serves every step count); may overshoot."""
        ...

    def model(self, task: T_contra, state: S) -> M_co:
        """The model that this state amounts to."""
        ...
