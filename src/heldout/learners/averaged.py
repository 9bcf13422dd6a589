"""The average of a training's weights along its way (Izmailov et al., 2018; with a stride of 1, Cha et al., 2021)."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates


class State(NamedTuple):
    """Where a training stands, and the mean of the weights so far (until averaging begins, the weights themselves)."""

    step: jax.Array
    inner: Any
    mean: Any


@dataclass(frozen=True)
class Averaged(ByUpdates):
    """A training as `learner` does it; the model is the mean of all that it was after the share `since` of its updates.

    The learner trains by updates and is traced; nothing of its training changes.
    """

    learner: Any
    since: float = 0.5
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the learner's name and the method."""
        return self.label or f"{self.learner.name}, averaged"

    @property
    def steps(self) -> int:
        """As many as the learner's."""
        return self.learner.steps

    def start(self, task: Any, key: jax.Array) -> State:
        """The learner before its first update."""
        inner = self.learner.start(task, key)
        return State(jnp.int32(0), inner, self.learner.model(task, inner))

    def advance(self, task: Any, state: State, until: Any) -> State:
        """The state after update `until`."""
        first = round(self.since * self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            inner, mean = carry
            inner = self.learner.advance(task, inner._replace(step=step), step + 1)
            share = 1.0 / jnp.maximum(step + 1 - first, 1)
            here = self.learner.model(task, inner)
            return inner, jax.tree.map(lambda m, w: m + share * (w - m), mean, here)

        begun = state.inner._replace(step=state.step)
        inner, mean = jax.lax.fori_loop(state.step, until, update, (begun, state.mean))
        return State(jnp.maximum(state.step, until), inner, mean)

    def model(self, task: Any, state: State) -> Any:  # noqa: ARG002
        """The mean of the weights."""
        return state.mean
