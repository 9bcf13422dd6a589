"""The average of the weights of several fine-tunings (Wortsman et al., 2022; from different starts, Ramé et al., 2023)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained
from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import Optimiser
from heldout.learners.supervised import State, Supervised
from heldout.models import Predictor
from heldout.tasks.interfaces import Examples

if TYPE_CHECKING:
    import optax


@dataclass(frozen=True)
class LastLayer:
    """An optimiser of the last dense layer alone, a weight and a bias: linear probing."""

    inner: Optimiser

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation."""
        import optax

        inner = self.inner.build(steps)

        def update(updates: Any, state: Any, params: Any = None) -> Any:
            changes, state = inner.update(updates, state, params)
            return headed(jax.tree.map(jnp.zeros_like, changes), changes), state

        return optax.GradientTransformation(inner.init, update)


@dataclass(frozen=True)
class Soup(ByUpdates):
    """What `learner` does from each of `starts`, side by side, by batches of their own; the model has the mean of their weights.

    `starts` may have learnt something else of the same shape, each another task: then this is model ratatouille; one and the same
    start several times is the plain average of fine-tunings. `head`: a model whose last dense layer all members start with,
    so that they agree what outputs mean.
    """

    learner: Supervised
    starts: tuple[Trained, ...]
    head: Trained | None = None
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not self.starts:
            raise HeldoutError(f"{self.name} has no starts: give at least one trained model")

    @property
    def name(self) -> str:
        """The label, else the learner and how many weights are averaged."""
        return self.label or f"{self.learner.name}, mean of {len(self.starts)}"

    @property
    def steps(self) -> int:
        """Updates of each member."""
        return self.learner.steps

    def start(self, task: Any, key: jax.Array) -> State:
        """The members before their first update: arrays of all members together."""
        keys = jax.random.split(key, len(self.starts))
        fresh = jax.vmap(lambda k: self.learner.start(task, k))(keys)
        heads = self.starts if self.head is None else (self.head,) * len(self.starts)
        members = [headed(body, head) for body, head in zip(self.starts, heads, strict=True)]
        shape = jax.tree.map(lambda leaf: leaf.shape[1:], fresh.model)
        for given in members:
            if jax.tree.map(jnp.shape, given) != shape:
                raise HeldoutError(
                    f"{self.name} starts from a model of another shape than {self.learner.name} has on {task.name}: "
                    "give starts of the same architecture, trained on tasks of the same inputs and outputs"
                )
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *members)
        optimiser = jax.vmap(self.learner.optimiser.build(self.steps).init)(stacked)
        return State(jnp.int32(0), fresh.key, stacked, optimiser)

    def advance(self, task: Examples, state: State, until: Any) -> State:
        """The state after update `until` of each member."""
        along = State(None, 0, 0, 0)  # pyright: ignore[reportArgumentType] - axes in the place of arrays
        return jax.vmap(lambda one: self.learner.advance(task, one, until), in_axes=(along,), out_axes=along)(state)

    def model(self, task: Examples, state: State) -> Predictor:  # noqa: ARG002
        """The mean of the members' weights."""
        return jax.tree.map(lambda leaf: leaf.mean(0), state.model)


def headed(body: Any, head: Any) -> Any:
    """A model with the last dense layer of another one: the last two arrays of a perceptron or a convolutional network."""
    leaves, structure = jax.tree.flatten(body)
    return jax.tree.unflatten(structure, [*leaves[:-2], *jax.tree.leaves(head)[-2:]])
