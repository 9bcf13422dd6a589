"""Sorting: insertion sort. Every node is a number, and points to the one before it in the array as it stands."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces, marked


def numbered(key: jax.Array, nodes: int) -> Problem:
    """Random numbers, the second channel, in an array; every node sees every other."""
    place, value = jax.random.uniform(key, (2, nodes))
    return Problem(jnp.stack([jnp.sort(place), value], -1), jnp.ones((nodes, nodes, 1)))


def chain(rank: jax.Array) -> jax.Array:
    """(n,) places in an array to pointers to what stands just before; the first points to itself."""
    return jnp.where(rank == 0, jnp.arange(len(rank)), (rank == rank[:, None] - 1).argmax(-1))


def listed(problem: Problem) -> str:
    """The numbers in the order of the array."""
    return " ".join(f"{x:.3f}" for x in problem.nodes[:, 1])


@dataclass(frozen=True)
class InsertionSort(Traces):
    """Point to the next smaller number, the smallest to itself; one step for each number put in its place.

    `0.300 0.100 0.200` points to `2 1 1`. `0.100 0.200 0.300 0.400` points to `0 0 1 2`.
    """

    name: ClassVar[str] = "insertion sort"
    shape: ClassVar[Shape] = Shape(2, 1, (True, True), 0, None)

    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """Random numbers."""
        return numbered(key, nodes)

    def begin(self, problem: Problem) -> State:
        """The array as given; the first mask marks where a number was put last, by what had stood there; the second that number."""
        nodes = len(problem.nodes)
        return State(chain(jnp.arange(nodes)), jnp.stack([marked(0, nodes)] * 2, -1), jnp.zeros((nodes, 0)))

    def step(self, problem: Problem, state: State) -> State:
        """The numbers up to the next one stand in order, the others where they were."""
        values, index = problem.nodes[:, 1], jnp.arange(len(problem.nodes))
        next_ = jnp.minimum(state.masks[:, 1].argmax() + 1, len(index) - 1)
        sorted_ = index <= next_
        smaller = (values < values[:, None]) | ((values == values[:, None]) & (index < index[:, None]))
        rank = jnp.where(sorted_, (smaller & sorted_).sum(-1), index)
        after = (rank == rank[next_] + 1) & sorted_
        moved = jnp.where(after.any(), after.argmax(), next_)
        masks = jnp.stack([marked(moved, len(index)), marked(next_, len(index))], -1)
        return State(chain(rank), masks, state.numbers)

    def written(self, problem: Problem) -> str:
        """The array."""
        return listed(problem)
