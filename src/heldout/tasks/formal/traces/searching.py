"""Searching an array: its smallest number; where a number belongs in a sorted one."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.traces.sorting import Arrays, chain, listed, longer
from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces, marked


@dataclass(frozen=True)
class Minimum(Arrays):
    """Mark the smallest number, one step for each number looked at; every node points to the one before it.

    The first mask marks the smallest seen, the second the one looked at last.

    `0.300 0.100 0.200` marks `1`. `0.100 0.200 0.300 0.400` marks `0`.
    """

    name: ClassVar[str] = "minimum"
    shape: ClassVar[Shape] = Shape(2, 1, (True, True), 0, 0)

    def step(self, problem: Problem, state: State) -> State:
        """The next is looked at."""
        values, nodes = problem.nodes[:, 1], len(problem.nodes)
        smallest, at = state.masks.argmax(0)
        at = jnp.minimum(at + 1, nodes - 1)
        smallest = jnp.where(values[at] < values[smallest], at, smallest)
        return State(state.pointers, jnp.stack([marked(smallest, nodes), marked(at, nodes)], -1), state.numbers)

    def longer(self, problem: Problem, key: jax.Array, more: int) -> Problem:
        """The array with more numbers behind it: none is looked at before its turn."""
        return longer(problem, key, more)


@dataclass(frozen=True)
class BinarySearch(Traces):
    """Mark the first number of a sorted array that is not smaller than a target, the last number where all are.

    `0.150 in 0.100 0.200 0.300` marks `1`. `0.900 in 0.100 0.200 0.300 0.400` marks `3`.
    """

    name: ClassVar[str] = "binary search"
    shape: ClassVar[Shape] = Shape(3, 1, (True, True, True), 0, 1)

    @staticmethod
    def steps(nodes: int) -> int:
        """Each step halves the part that is left."""
        return (nodes - 1).bit_length()

    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """Sorted random numbers, and a random target that every node knows."""
        drawn = jax.random.uniform(key, (2, nodes + 1))
        place, values = jnp.sort(drawn[:, :nodes])
        target = jnp.full(nodes, drawn[0, nodes])
        return Problem(jnp.stack([place, values, target], -1), jnp.ones((nodes, nodes, 1)))

    def begin(self, problem: Problem) -> State:
        """The masks mark the first and the last number of the part that is left, and the one in its middle."""
        return self._state(jnp.asarray(0), jnp.asarray(len(problem.nodes) - 1), len(problem.nodes))

    def step(self, problem: Problem, state: State) -> State:
        """The half that cannot hold the answer is left out."""
        low, high, middle = state.masks.argmax(0)
        right = problem.nodes[middle, 2] > problem.nodes[middle, 1]
        open_ = low < high
        low, high = jnp.where(open_ & right, middle + 1, low), jnp.where(open_ & ~right, middle, high)
        return self._state(low, high, len(problem.nodes))

    @staticmethod
    def _state(low: jax.Array, high: jax.Array, nodes: int) -> State:
        masks = jnp.stack([marked(at, nodes) for at in (low, high, (low + high) // 2)], -1)
        return State(chain(jnp.arange(nodes)), masks, jnp.zeros((nodes, 0)))

    def written(self, problem: Problem) -> str:
        """The target and the array."""
        return f"{problem.nodes[0, 2]:.3f} in {listed(problem)}"
