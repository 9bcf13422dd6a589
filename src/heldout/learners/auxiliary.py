"""Learning to explain answers as well as to give them: an auxiliary loss on meta-targets (Barrett et al., 2018)."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import jax
import jax.numpy as jnp

from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.learners.by_updates import ByUpdates
from heldout.learners.supervised import State, Supervised, loss, train_split
from heldout.models import Predictor
from heldout.tasks.interfaces import Batch, Examples


class Explained(Examples, Protocol):
    """Examples that come with bits which say why their targets are right."""

    def explained(self, split: Split, key: Key, n: int) -> tuple[Batch, Any]:
        """The batch that `draw` draws, and its meta-targets (n, bits), each 0 or 1."""
        ...


@dataclass(frozen=True)
class Auxiliary(ByUpdates):
    """Supervised learning of a model that also explains: minimise loss + `beta` * cross entropy of the meta-targets.

    The model's `explain` gives its outputs and logits of the meta-targets; their cross entropy is the mean over bits. Batches,
    first weights and optimiser are those of `learner`, whatever `beta`.
    """

    learner: Supervised
    beta: float = 10.0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the learner's name and beta."""
        return self.label or f"{self.learner.name}, beta {self.beta:g}"

    @property
    def steps(self) -> int:
        """As many as the learner's."""
        return self.learner.steps

    def start(self, task: Explained, key: jax.Array) -> State:
        """The learner's own."""
        return self.learner.start(task, key)

    def advance(self, task: Explained, state: State, until: Any) -> State:
        """The state after update `until`."""
        split, optimiser = train_split(task), self.learner.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            batch, meta = task.explained(split, jax.random.fold_in(state.key, step), self.learner.batch)
            gradient = jax.grad(self.objective)(model, task, batch, meta)
            changes, moments = optimiser.update(gradient, moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Explained, state: State) -> Predictor:
        """The model as trained so far."""
        return self.learner.model(task, state)

    def objective(self, model: Any, task: Explained, batch: Batch, meta: jax.Array) -> jax.Array:
        """The mean loss of a batch and of its explanations."""
        outputs, logits = model.explain(batch.inputs)
        return loss(task.loss, outputs, batch) + self.beta * told(logits, meta, batch.weights)


def told(logits: jax.Array, meta: jax.Array, weights: jax.Array | None = None) -> jax.Array:
    """The cross entropy of bits (n, bits), the mean over bits and the weighted mean over examples (n,)."""
    each = (jax.nn.softplus(logits) - meta * logits).mean(-1)
    if weights is None:
        return each.mean()
    return (each * weights).sum() / jnp.maximum(weights.sum(), 1e-9)
