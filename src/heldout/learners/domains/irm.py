"""Invariant risk minimisation (Arjovsky et al., 2019), IRMv1: one last layer should be the best for every domain."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.domains.risks import answers
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import State, begun, loss
from heldout.models import Architecture, Predictor
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch


@dataclass(frozen=True)
class IRM(ByUpdates):
    """Minimise the mean loss of the domains and `penalty` times the mean squared slope of each in a factor on the outputs.

    The penalty is 1 until step `warmup`; from then on the objective is divided by it, so that gradients keep their size. The
    squared slope is the product of those on the two halves of a batch, which is unbiased, as in the paper's appendix.
    `batch`: examples of every domain in an update (an even number).
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    penalty: float = 100.0
    warmup: int = 0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name} + IRM"

    def start(self, task: Domains, key: jax.Array) -> State:
        """A model before its first update."""
        return begun(self.architecture, self.optimiser.build(self.steps), task, key)

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""
        optimiser = self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            batch = of_each(task, jax.random.fold_in(state.key, step), self.batch)
            weight = jnp.where(step < self.warmup, 1.0, self.penalty)

            def objective(model: Any) -> jax.Array:
                outputs = answers(model, batch)
                fit = jax.vmap(lambda o, b: loss(task.loss, o, b))(outputs, batch).mean()
                slope = jax.vmap(lambda o, b: squared_slope(task.loss, o, b))(outputs, batch).mean()
                return (fit + weight * slope) / jnp.maximum(weight, 1.0)

            changes, moments = optimiser.update(jax.grad(objective)(model), moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Domains, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model


def slope(kind: str, outputs: jax.Array, batch: Batch) -> jax.Array:
    """The derivative of the loss in a factor on the outputs, at 1."""
    return jax.grad(lambda factor: loss(kind, factor * outputs, batch))(jnp.float32(1.0))


def squared_slope(kind: str, outputs: jax.Array, batch: Batch) -> jax.Array:
    """An unbiased estimate of the squared slope: the product of the slopes on the odd and on the even examples."""
    halves = [jax.tree.map(lambda x: x[first::2], (outputs, batch)) for first in (0, 1)]  # noqa: B023
    return slope(kind, *halves[0]) * slope(kind, *halves[1])
