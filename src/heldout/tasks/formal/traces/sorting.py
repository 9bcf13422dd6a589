"""Sorting: insertion sort and bubble sort. Every node is a number, and points to the one before it in the array as it stands."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces, marked


def numbered(key: jax.Array, nodes: int) -> Problem:
    """Random numbers, the second channel, in an array; every node sees every other."""
    place, value = jax.random.uniform(key, (2, nodes))
    return Problem(jnp.stack([jnp.sort(place), value], -1), jnp.ones((nodes, nodes, 1)))


def longer(problem: Problem, key: jax.Array, more: int) -> Problem:
    """The array with random numbers behind it, and all places drawn anew."""
    found = numbered(key, len(problem.nodes) + more)
    return found._replace(nodes=found.nodes.at[: len(problem.nodes), 1].set(problem.nodes[:, 1]))


def chain(rank: jax.Array) -> jax.Array:
    """(n,) places in an array to pointers to what stands just before; the first points to itself."""
    return jnp.where(rank == 0, jnp.arange(len(rank)), (rank == rank[:, None] - 1).argmax(-1))


def order(pointers: jax.Array) -> jax.Array:
    """(n,) pointers to what stands just before, to the nodes in the order of the array."""
    index = jnp.arange(len(pointers))

    def after(node: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
        return ((pointers == node) & (index != node)).argmax(), node

    return jax.lax.scan(after, (pointers == index).argmax(), None, len(pointers))[1]


def listed(problem: Problem) -> str:
    """The numbers in the order of the array."""
    return " ".join(f"{x:.3f}" for x in problem.nodes[:, 1])


@dataclass(frozen=True)
class Arrays(Traces):
    """Arrays of random numbers, which begin as they are given, both masks at the first."""

    shape: ClassVar[Shape] = Shape(2, 1, (True, True), 0, None)

    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """Random numbers."""
        return numbered(key, nodes)

    def begin(self, problem: Problem) -> State:
        """The array as given."""
        nodes = len(problem.nodes)
        return State(chain(jnp.arange(nodes)), jnp.stack([marked(0, nodes)] * 2, -1), jnp.zeros((nodes, 0)))

    def written(self, problem: Problem) -> str:
        """The array."""
        return listed(problem)


@dataclass(frozen=True)
class InsertionSort(Arrays):
    """Point to the next smaller number, the smallest to itself; one step for each number put in its place.

    The first mask marks where a number was put last, by what had stood there; the second that number.

    `0.300 0.100 0.200` points to `2 1 1`. `0.100 0.200 0.300 0.400` points to `0 0 1 2`.
    """

    name: ClassVar[str] = "insertion sort"

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

    def longer(self, problem: Problem, key: jax.Array, more: int) -> Problem:
        """The array with more numbers behind it: none is looked at before its turn."""
        return longer(problem, key, more)


@dataclass(frozen=True)
class BubbleSort(Arrays):
    """Point to the next smaller number, the smallest to itself; one step for each two neighbours compared.

    The masks mark what stands in the first place not yet settled, and in the place compared last.

    `0.300 0.100 0.200` points to `2 1 1`. `0.100 0.200 0.300 0.400` points to `0 0 1 2`.
    """

    name: ClassVar[str] = "bubble sort"

    @staticmethod
    def steps(nodes: int) -> int:
        """All pairs."""
        return nodes * (nodes - 1) // 2

    def step(self, problem: Problem, state: State) -> State:
        """The next number, from the end down to the first place not yet settled, changes places with a larger one before it."""
        nodes, array = len(problem.nodes), order(state.pointers)
        first, at = ((array == node).argmax() for node in state.masks.argmax(0))
        settled = at == first + 1  # at the very beginning both are 0
        first, at = jnp.where(settled, first + 1, first), jnp.where(settled | (at == first), nodes - 1, at - 1)
        before, here = array[at - 1], array[at]
        swap = problem.nodes[here, 1] < problem.nodes[before, 1]
        index = jnp.arange(nodes)
        swapped = jnp.where(index == at, before, jnp.where(index == at - 1, here, array))
        array = jnp.where(swap, swapped, array)
        masks = jnp.stack([marked(array[first], nodes), marked(array[at], nodes)], -1)
        return State(chain(array.argsort()), masks, state.numbers)
