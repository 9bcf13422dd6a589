"""Fish (Shi et al., 2022): updates on which the gradients of the domains agree, by first derivatives only."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import SGD, Optimiser
from heldout.learners.supervised import State, begun, loss
from heldout.models import Architecture, Predictor
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch


@dataclass(frozen=True)
class Fish(ByUpdates):
    """Take a step on one domain after another, in random order, and go the share `rate` of the way that they lead.

    The mean over orders of what they add to a joint step is, for small steps, the gradient of the inner products between
    the domains' gradients. `optimiser` takes the inner steps and keeps its state. `batch`: examples of every domain in an
    update, each of which has as many inner steps as there are domains.
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = SGD(0.05, 0.0)  # noqa: RUF009 - frozen
    rate: float = 0.5
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name} + Fish"

    def start(self, task: Domains, key: jax.Array) -> State:
        """A model before its first update."""
        return begun(self.architecture, self.optimiser.build(self.steps * len(task.domains)), task, key)

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            key = jax.random.fold_in(state.key, step)
            batch = of_each(task, key, self.batch)
            order = jax.random.permutation(jax.random.fold_in(key, 1), len(task.domains))
            reached, moments = self.tour(task, model, moments, batch, order)
            return jax.tree.map(lambda a, b: a + self.rate * (b - a), model, reached), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def tour(self, task: Domains, model: Any, moments: Any, batch: Batch, order: jax.Array) -> tuple[Any, Any]:
        """Where a step on each domain leads, one after another in this order, and the optimiser's state there."""
        optimiser = self.optimiser.build(self.steps * len(task.domains))

        def visit(carry: tuple[Any, Any], domain: jax.Array) -> tuple[tuple[Any, Any], None]:
            model, moments = carry
            one = jax.tree.map(lambda x: x[domain], batch)
            gradient = jax.grad(lambda m: loss(task.loss, m(one.inputs), one))(model)
            changes, moments = optimiser.update(gradient, moments, model)
            return (jax.tree.map(jnp.add, model, changes), moments), None

        return jax.lax.scan(visit, (model, moments), order)[0]

    def model(self, task: Domains, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model
