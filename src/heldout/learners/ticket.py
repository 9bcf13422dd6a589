"""Lottery tickets: part of a network, found in its trained weights, trained again from its first ones."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

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
class Sparse:
    """An optimiser that leaves weights (of matrices) at 0 that start there; biases all learn."""

    inner: Optimiser

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation, which remembers where the zeros were."""
        import optax

        inner = self.inner.build(steps)

        def init(params: Any) -> Any:
            return alive(params), inner.init(params)

        def update(updates: Any, state: Any, params: Any = None) -> Any:
            kept, state = state
            changes, state = inner.update(jax.tree.map(jnp.multiply, updates, kept), state, params)
            return changes, (kept, state)

        return optax.GradientTransformation(init, update)


@dataclass(frozen=True)
class Ticket(ByUpdates):
    """Train `learner` again from its first weights, of which only a share `keep` is left (Frankle and Carbin, 2019).

    Which, `source` says, a finished model of the same architecture on the same task: `magnitude` keeps its largest weights over
    all matrices together. The other ways are controls: `random` keeps as many, anywhere; `rescaled` keeps all, scaled so
    that their Euclidean norm is that of the magnitude ticket.
    """

    learner: Supervised
    source: Trained
    keep: float
    how: Literal["magnitude", "random", "rescaled"] = "magnitude"
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not 0.0 < self.keep <= 1.0:
            raise HeldoutError(f"keep={self.keep:g} of a network's weights: give a share above 0 and up to 1")
        if self.how not in ("magnitude", "random", "rescaled"):
            raise HeldoutError(f"a ticket's how={self.how!r}: give magnitude, random or rescaled")

    @property
    def name(self) -> str:
        """The label, else what is kept of what."""
        return self.label or f"{self.learner.name}, {self.how} ticket of {self.keep:.0%}"

    @property
    def steps(self) -> int:
        """Those of the learner."""
        return self.learner.steps

    @property
    def _sparse(self) -> Supervised:
        return replace(self.learner, optimiser=Sparse(self.learner.optimiser))

    def start(self, task: Examples, key: jax.Array) -> State:
        """What is left of the first weights, which are those that the source started from if its seed and task are the same."""
        fresh = self.learner.start(task, key)
        if jax.tree.structure(fresh.model) != jax.tree.structure(self.source):
            raise HeldoutError(f"{self.name}: its source is no {self.learner.architecture.name}: give one of that kind")
        ticket = jax.tree.map(jnp.multiply, fresh.model, largest(self.source, self.keep))
        if self.how == "random":
            drawn = scattered(fresh.model, jax.random.fold_in(key, 2))
            ticket = jax.tree.map(jnp.multiply, fresh.model, largest(drawn, self.keep))
        elif self.how == "rescaled":
            ratio = norm(ticket) / norm(fresh.model)
            ticket = jax.tree.map(lambda w: w * ratio, fresh.model)
        optimiser = self._sparse.optimiser.build(self.steps).init(ticket)
        return State(fresh.step, fresh.key, ticket, optimiser)

    def advance(self, task: Examples, state: State, until: Any) -> State:
        """The state after update `until`."""
        return self._sparse.advance(task, state, until)

    def model(self, task: Examples, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return state.model


def largest(weights: Any, keep: float) -> Any:
    """1 for the share `keep` of all entries of matrices that are largest in size, and for all else; 0 for the rest."""
    sizes = jnp.concatenate([jnp.abs(w).ravel() for w in jax.tree.leaves(weights) if w.ndim > 1])
    least = jnp.sort(sizes)[sizes.size - round(keep * sizes.size)]
    return jax.tree.map(lambda w: (jnp.abs(w) >= least).astype(w.dtype) if w.ndim > 1 else jnp.ones_like(w), weights)


def alive(weights: Any) -> Any:
    """1 where a weight learns: everywhere but at the zeros of matrices."""
    return jax.tree.map(lambda w: (w != 0).astype(w.dtype) if w.ndim > 1 else jnp.ones_like(w), weights)


def scattered(weights: Any, key: jax.Array) -> Any:
    """Uniform numbers in the place of weights."""
    leaves, structure = jax.tree.flatten(weights)
    keys = jax.random.split(key, len(leaves))
    return jax.tree.unflatten(structure, [jax.random.uniform(k, w.shape) for k, w in zip(keys, leaves, strict=True)])


def norm(weights: Any) -> jax.Array:
    """The Euclidean norm of all of them."""
    return jnp.sqrt(sum(jnp.square(w).sum() for w in jax.tree.leaves(weights)))
