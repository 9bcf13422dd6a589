"""Inter-domain gradient matching (Shi et al., 2022): the objective that Fish follows by first derivatives, as it stands."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.domains.risks import risks
from heldout.learners.optimiser import SGD, Optimiser
from heldout.learners.supervised import State, begun, loss
from heldout.models import Architecture, Predictor
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch


@dataclass(frozen=True)
class GradientMatching(ByUpdates):
    """Minimise the mean loss of the domains less `weight` times the mean inner product of two domains' gradients.

    Needs second derivatives: an update costs about three times one of supervised learning. `batch`: examples of every domain.
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = SGD(0.05, 0.0)  # noqa: RUF009 - frozen
    weight: float = 0.1
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name} + gradient matching"

    def start(self, task: Domains, key: jax.Array) -> State:
        """A model before its first update."""
        return begun(self.architecture, self.optimiser.build(self.steps), task, key)

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""
        optimiser = self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            batch = of_each(task, jax.random.fold_in(state.key, step), self.batch)

            def objective(model: Any) -> jax.Array:
                agreement = inner_product(gradients(task.loss, model, batch))
                return risks(task.loss, model, batch).mean() - self.weight * agreement

            changes, moments = optimiser.update(jax.grad(objective)(model), moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Domains, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model


def gradients(kind: str, model: Any, batch: Batch) -> jax.Array:
    """The gradient of the loss of each domain, (domains, weights)."""
    of_each_domain = jax.vmap(lambda one: jax.grad(lambda m: loss(kind, m(one.inputs), one))(model))(batch)
    leaves = jax.tree.leaves(of_each_domain)
    return jnp.concatenate([x.reshape(len(x), -1) for x in leaves], axis=1)


def inner_product(gradients: jax.Array) -> jax.Array:
    """The mean inner product of two different rows of (domains, weights), of which no pair need be formed."""
    count = len(gradients)
    return (jnp.square(gradients.sum(0)).sum() - jnp.square(gradients).sum()) / (count * (count - 1))
