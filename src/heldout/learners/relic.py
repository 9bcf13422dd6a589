"""Hidden states that do not depend on what an algorithm does not look at (Hint-ReLIC; Bevilacqua et al., 2023)."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.learners.reasoner import Reasoner, walk
from heldout.learners.supervised import State as Training
from heldout.models.message_passing import MessagePassingNet
from heldout.tasks.formal.traces.trace import Extendable, Problem, State, Traces


@dataclass(frozen=True)
class Relic(Reasoner):
    """A reasoner that sees every problem a second time, with `more` nodes behind it that leave the steps of its trace as they are.

    At every step the hidden state of a node is to be closest to its own in the other view, among all nodes of the problem
    (`weight`), and the two views are to agree on how close which nodes are (`invariance`). The second view is taught no states.
    """

    more: int = 4
    weight: float = 1.0
    invariance: float = 1.0
    temperature: float = 0.1

    def __post_init__(self) -> None:
        if self.more < 1 or self.temperature <= 0.0:
            raise HeldoutError(
                f"more={self.more}, temperature={self.temperature}: both views are the same without more nodes, "
                "and nothing is compared without a temperature: give both more than 0"
            )

    @property
    def name(self) -> str:
        """The label, else the architecture and what is done to it."""
        return self.label or f"{self.architecture.name}, ReLIC"

    def start(self, task: Traces, key: jax.Array) -> Training:
        """A network before its first update."""
        extendable(task)
        return super().start(task, key)

    def objective(
        self, model: MessagePassingNet, task: Traces, key: jax.Array, problem: Problem, states: State
    ) -> jax.Array:
        """The mean loss over problems, each in two views."""
        count = len(problem.nodes)
        keys = jax.random.split(jax.random.fold_in(key, count), count)  # those of the problems are 0 ... count - 1
        wide = jax.vmap(lambda one, k: extendable(task).longer(one, k, self.more))(problem, keys)

        def loss(one: Problem, trace: State, wide: Problem) -> jax.Array:
            losses, gates, hidden = walk(model, one, trace, self.forced)
            other = walk(model, wide, self.trace(task, wide, len(trace.pointers)), self.forced)[2]
            return self.cost(model, losses, gates) + self.contrast(hidden, other[:, : len(one.nodes)])

        return jax.vmap(loss)(problem, states, wide).mean()

    @staticmethod
    def trace(task: Traces, wide: Problem, length: int) -> State:
        """The states of the larger problem, as many as the smaller has."""
        return jax.tree.map(lambda x: x[:length], task.run(wide)[1])

    def contrast(self, one: jax.Array, other: jax.Array) -> jax.Array:
        """The loss of two views (steps, n, width) of the same nodes."""
        alike, apart = disagreement(one, other, self.temperature)
        return self.weight * (alike + self.invariance * apart)


def extendable(task: Any) -> Extendable:
    """The task, if problems can be made larger without other steps."""
    if not isinstance(task, Extendable):
        raise HeldoutError(
            f"{task.name}: nothing can be put behind a problem without changing its steps: take insertion sort or minimum"
        )
    return task


def disagreement(one: jax.Array, other: jax.Array, temperature: float) -> tuple[jax.Array, jax.Array]:
    """How hard nodes of two views (..., n, width) are to match by cosine, and the divergence of the matchings.

    The first is the cross entropy of the right node, the mean of both directions; the second KL(one to other || other to one).
    """
    one, other = (x / jnp.sqrt(jnp.square(x).sum(-1, keepdims=True) + 1e-12) for x in (one, other))
    close = jnp.einsum("...iw,...jw->...ij", one, other) / temperature
    there, back = jax.nn.log_softmax(close), jax.nn.log_softmax(jnp.swapaxes(close, -1, -2))
    right = -0.5 * (jnp.diagonal(there, axis1=-2, axis2=-1) + jnp.diagonal(back, axis1=-2, axis2=-1)).mean()
    return right, (jnp.exp(there) * (there - back)).sum(-1).mean()
