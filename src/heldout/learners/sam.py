"""Sharpness-aware minimisation (Foret et al., 2021): descend by the gradient at the worst point near by."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import optax

from heldout.learners.by_updates import ByUpdates
from heldout.learners.supervised import State, Supervised, train_split
from heldout.models import Predictor
from heldout.tasks.interfaces import Examples


@dataclass(frozen=True)
class SAM(ByUpdates):
    """Supervised learning whose every update takes the gradient at a distance of `radius` uphill.

    Uphill is the direction of the gradient of the same batch; an update costs two gradients. The learner's optimiser takes
    the step, from where the model stood before.
    """

    learner: Supervised
    radius: float = 0.05
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the learner's name and the method."""
        return self.label or f"{self.learner.name} + SAM"

    @property
    def steps(self) -> int:
        """As many as the learner's."""
        return self.learner.steps

    def start(self, task: Examples, key: jax.Array) -> State:
        """The learner's own."""
        return self.learner.start(task, key)

    def advance(self, task: Examples, state: State, until: Any) -> State:
        """The state after update `until`; batches are those that the learner draws."""
        split, optimiser = train_split(task), self.learner.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            key = jax.random.fold_in(state.key, step)
            batch = task.draw(split, key, self.learner.batch)
            slope = jax.grad(self.learner.objective)
            above = uphill(model, slope(model, task, batch, key), self.radius)
            changes, moments = optimiser.update(slope(above, task, batch, key), moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Examples, state: State) -> Predictor:
        """The model as trained so far."""
        return self.learner.model(task, state)


def uphill(model: Any, gradient: Any, radius: float) -> Any:
    """The model moved by `radius` along its gradient."""
    share = radius / jnp.maximum(optax.tree.norm(gradient), 1e-12)
    return jax.tree.map(lambda w, g: w + share * g, model, gradient)
