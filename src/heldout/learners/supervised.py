"""Supervised learning by stochastic gradient descent: classification, regression and labelled sequences."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.core.split import Split
from heldout.learners.augmentation import Augmentation
from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.models import Architecture, Predictor
from heldout.tasks.interfaces import Batch, Examples


class State(NamedTuple):
    """Where a training stands; `step` is shared by all seeds."""

    step: jax.Array
    key: jax.Array
    model: Any
    optimiser: Any


@dataclass(frozen=True)
class Supervised(ByUpdates):
    """Minimise the task's loss over minibatches drawn from its train split.

    `augmentation`: what is done to the inputs of each batch. `label`: another name for tables; not part of the digest.
    """

    architecture: Architecture
    steps: int
    batch: int = 64
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    augmentation: Augmentation | None = None
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 2

    @property
    def name(self) -> str:
        """The label, else the architecture and the augmentation."""
        return self.label or " + ".join(p.name for p in (self.architecture, self.augmentation) if p is not None)

    def start(self, task: Examples, key: jax.Array) -> State:
        """A model before its first update."""
        return begun(self.architecture, self.optimiser.build(self.steps), task, key)

    def advance(self, task: Examples, state: State, until: Any) -> State:
        """The state after update `until`."""
        split, optimiser = train_split(task), self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            key = jax.random.fold_in(state.key, step)
            batch = task.draw(split, key, self.batch)
            gradient = jax.grad(self.objective)(model, task, batch, key)
            changes, moments = optimiser.update(gradient, moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Examples, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model

    def objective(self, model: Predictor, task: Examples, batch: Batch, key: jax.Array) -> jax.Array:
        """The mean loss of a batch, augmented from the key that drew it."""
        if self.augmentation is None:
            return loss(task.loss, model(batch.inputs), batch)
        views = self.augmentation(jax.random.fold_in(key, 1), batch.inputs)
        outputs = model(views.reshape(-1, *views.shape[2:]))
        outputs = outputs.reshape(*views.shape[:2], *outputs.shape[1:])
        plain = loss(task.loss, outputs[0], batch)
        weight = self.augmentation.consistency
        return plain + weight * divergence(outputs) if weight else plain


def begun(architecture: Architecture, optimiser: Any, task: Examples, key: jax.Array) -> State:
    """A model before its first update; what Optax has built looks after it. Batches come from another key than weights."""
    model = architecture.build(jax.random.fold_in(key, 0), task.inputs, task.outputs)
    return State(jnp.asarray(0, jnp.int32), jax.random.fold_in(key, 1), model, optimiser.init(model))


def train_split(task: Any) -> Split:
    """The one split that learners may draw from."""
    found = [s for s in task.splits if s.train]
    if len(found) != 1:
        raise HeldoutError(f"task {task.name!r} has {len(found)} train splits: supervised learning takes exactly one")
    return found[0]


def loss(kind: str, outputs: jax.Array, batch: Batch) -> jax.Array:
    """The weighted mean over examples (and positions) of the cross entropy or the squared error."""
    if kind == "cross entropy":
        _check(outputs.shape[:-1] == batch.targets.shape, outputs, batch)
        wanted = batch.targets[..., None] == jnp.arange(outputs.shape[-1])  # a gather's gradient is a slow scatter
        values = jax.nn.logsumexp(outputs, axis=-1) - jnp.where(wanted, outputs, 0.0).sum(-1)
    elif kind == "squared error":
        _check(outputs.shape == batch.targets.shape, outputs, batch)
        values = jnp.square(outputs - batch.targets).mean(-1)
    else:
        raise HeldoutError(f"no loss is called {kind!r}: a task's loss is 'cross entropy' or 'squared error'")
    if batch.weights is None:
        return values.mean()
    return (values * batch.weights).sum() / jnp.maximum(batch.weights.sum(), 1e-9)


def divergence(outputs: jax.Array) -> jax.Array:
    """The mean Jensen-Shannon divergence, in nats, between the class probabilities of several views: (views, n, k)."""
    logs = jax.nn.log_softmax(outputs)
    middle = jnp.log(jnp.clip(jnp.exp(logs).mean(0), 1e-7, 1.0))
    return (jnp.exp(logs) * (logs - middle)).sum(-1).mean()


def _check(fits: bool, outputs: jax.Array, batch: Batch) -> None:
    if not fits:
        raise HeldoutError(
            f"the model gave outputs of shape {outputs.shape} for targets of shape {batch.targets.shape}: "
            "give (n, classes) for classes, (n, length, classes) for sequences, (n, numbers) for numbers"
        )
