"""Weights that are linear in a code of the domain, of low rank where that is wanted (Li et al., 2017; undo bias: Khosla et al., 2012)."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import State, loss
from heldout.models import Architecture, Predictor
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch


class Tucker(NamedTuple):
    """A tensor (codes, rows, columns) as a core and three factors (size, rank)."""

    core: jax.Array
    factors: tuple[jax.Array, jax.Array, jax.Array]


def tucker(tensor: jax.Array, ranks: tuple[int, int, int]) -> Tucker:
    """The truncated higher-order singular value decomposition (De Lathauwer et al., 2000) of a tensor."""
    factors = []
    for axis, rank in enumerate(ranks):
        unfolded = jnp.moveaxis(tensor, axis, 0).reshape(tensor.shape[axis], -1)
        factors.append(jnp.linalg.svd(unfolded, full_matrices=False)[0][:, :rank])
    return Tucker(jnp.einsum("dij,da,ib,jc->abc", tensor, *factors), (factors[0], factors[1], factors[2]))


def of_code(part: Any, code: jax.Array) -> jax.Array:
    """The weights of one layer for a code: the contraction of their tensor, or of its decomposition, with it."""
    if not isinstance(part, Tucker):
        return jnp.tensordot(code, part, 1)
    domains, rows, columns = part.factors
    return rows @ jnp.tensordot(code @ domains, part.core, 1) @ columns.T


@dataclass(frozen=True)
class Coded(ByUpdates):
    """Networks whose weights are linear in a code of the domain: a bit for each, and one that is always on.

    Trained on every domain with its bits, the network that answers has the always-on bit only. Weights are those that all domains
    share and a domain's own (undo bias: Khosla et al., 2012); with `ranks` the tensor of a layer's weights over code, rows and columns
    has no more than these ranks (Tucker), and what it starts from is cut to them. A domain's own start at `own` of the
    usual size. `batch`: examples of every domain in an update.
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    ranks: tuple[int, int, int] | None = None
    own: float = 0.1
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name}, {'undo bias' if self.ranks is None else 'low rank'}"

    def start(self, task: Domains, key: jax.Array) -> State:
        """Weights of every bit before the first update; the last bit is the one that is always on."""
        keys = jax.random.split(jax.random.fold_in(key, 0), len(task.domains) + 1)
        every = jax.vmap(lambda k: self.architecture.build(k, task.inputs, task.outputs))(keys)
        size = jnp.full(len(keys), self.own).at[-1].set(1.0)
        parts = [self._part(jnp.einsum("d,d...->d...", size, leaf)) for leaf in jax.tree.leaves(every)]
        optimiser = self.optimiser.build(self.steps)
        return State(jnp.int32(0), jax.random.fold_in(key, 1), parts, optimiser.init(parts))

    def _part(self, leaf: jax.Array) -> Any:
        if self.ranks is None or leaf.ndim < 3:
            return leaf
        a, b, c = (min(rank, size) for rank, size in zip(self.ranks, leaf.shape, strict=True))
        return tucker(leaf, (a, b, c))

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""
        optimiser, codes = self.optimiser.build(self.steps), bits(len(task.domains))

        def objective(parts: Any, batch: Batch) -> jax.Array:
            def of_domain(code: jax.Array, one: Batch) -> jax.Array:
                return loss(task.loss, self.network(task, parts, code)(one.inputs), one)

            return jax.vmap(of_domain)(codes, batch).mean()

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            parts, moments = carry
            batch = of_each(task, jax.random.fold_in(state.key, step), self.batch)
            changes, moments = optimiser.update(jax.grad(objective)(parts, batch), moments, parts)
            return jax.tree.map(jnp.add, parts, changes), moments

        parts, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, parts, moments)

    def network(self, task: Domains, parts: Any, code: jax.Array) -> Predictor:
        """The network of a code."""
        shape = jax.eval_shape(lambda: self.architecture.build(jax.random.key(0), task.inputs, task.outputs))
        return jax.tree.unflatten(jax.tree.structure(shape), [of_code(part, code) for part in parts])

    def model(self, task: Domains, state: State) -> Predictor:
        """The network of no domain."""
        return self.network(task, state.model, jnp.zeros(len(task.domains) + 1).at[-1].set(1.0))


def bits(domains: int) -> jax.Array:
    """(domains, domains + 1): the code of each."""
    return jnp.concatenate([jnp.eye(domains), jnp.ones((domains, 1))], 1)
