"""Searching an array: its smallest number."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.traces.sorting import chain, listed, numbered
from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces, marked


@dataclass(frozen=True)
class Minimum(Traces):
    """Mark the smallest number, one step for each number looked at; every node points to the one before it.

    `0.300 0.100 0.200` marks `1`. `0.100 0.200 0.300 0.400` marks `0`.
    """

    name: ClassVar[str] = "minimum"
    shape: ClassVar[Shape] = Shape(2, 1, (True, True), 0, 0)

    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """Random numbers."""
        return numbered(key, nodes)

    def begin(self, problem: Problem) -> State:
        """The first is the smallest seen; the second mask marks the one looked at last."""
        nodes = len(problem.nodes)
        return State(chain(jnp.arange(nodes)), jnp.stack([marked(0, nodes)] * 2, -1), jnp.zeros((nodes, 0)))

    def step(self, problem: Problem, state: State) -> State:
        """The next is looked at."""
        values, nodes = problem.nodes[:, 1], len(problem.nodes)
        smallest, at = state.masks.argmax(0)
        at = jnp.minimum(at + 1, nodes - 1)
        smallest = jnp.where(values[at] < values[smallest], at, smallest)
        return State(state.pointers, jnp.stack([marked(smallest, nodes), marked(at, nodes)], -1), state.numbers)

    def written(self, problem: Problem) -> str:
        """The array."""
        return listed(problem)
