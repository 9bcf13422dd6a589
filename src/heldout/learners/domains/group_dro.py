"""Group DRO (Sagawa et al., 2020): minimise the loss of the worst domain, by weights that grow where the loss is large."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.domains.risks import risks
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import begun
from heldout.models import Architecture, Predictor
from heldout.tasks.domains import Domains, of_each


class State(NamedTuple):
    """Where a training stands; `weights`: (domains,), summing to 1."""

    step: jax.Array
    key: jax.Array
    model: Any
    optimiser: Any
    weights: jax.Array


@dataclass(frozen=True)
class GroupDRO(ByUpdates):
    """Minimise the weighted loss of the domains; after every batch each weight is multiplied by exp(`rate` * its loss).

    `batch`: examples of every domain in an update. Groups are the domains. Where the paper draws one group at a time, every
    batch has examples of all of them, as in DomainBed.
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    rate: float = 0.01
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name} + group DRO"

    def start(self, task: Domains, key: jax.Array) -> State:
        """A model before its first update, and equal weights."""
        count = len(task.domains)
        return State(
            *begun(self.architecture, self.optimiser.build(self.steps), task, key), jnp.full(count, 1.0 / count)
        )

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""
        optimiser = self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any, jax.Array]) -> tuple[Any, Any, jax.Array]:
            model, moments, weights = carry
            batch = of_each(task, jax.random.fold_in(state.key, step), self.batch)

            def objective(model: Any) -> tuple[jax.Array, jax.Array]:
                losses = risks(task.loss, model, batch)
                raised = reweighted(weights, jax.lax.stop_gradient(losses), self.rate)
                return (raised * losses).sum(), raised

            gradient, weights = jax.grad(objective, has_aux=True)(model)
            changes, moments = optimiser.update(gradient, moments, model)
            return jax.tree.map(jnp.add, model, changes), moments, weights

        carry = state.model, state.optimiser, state.weights
        model, moments, weights = jax.lax.fori_loop(state.step, until, update, carry)
        return State(jnp.maximum(state.step, until), state.key, model, moments, weights)

    def model(self, task: Domains, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model


def reweighted(weights: jax.Array, losses: jax.Array, rate: float) -> jax.Array:
    """The weights after a step of exponentiated gradient ascent on the losses of their domains."""
    raised = weights * jnp.exp(rate * (losses - losses.max()))  # what is subtracted drops out, and nothing overflows
    return raised / raised.sum()
