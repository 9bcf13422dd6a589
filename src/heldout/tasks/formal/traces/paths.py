"""Paths from one node to all others: breadth-first search, and the algorithm of Bellman and Ford."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces, marked

SHARE = 0.3
"""The chance that two nodes are joined."""


class _Paths(Traces):
    """What problems of paths share: undirected random graphs with a node to start from."""

    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """Erdős and Rényi's graph; the second channel of nodes marks the start."""
        drawn = jax.random.uniform(key, (2 * nodes + 2, nodes))  # at once: each further draw takes a second to compile
        upper, weights = jnp.triu(drawn[:nodes] < SHARE, 1), jnp.triu(0.01 + 0.99 * drawn[nodes:-2], 1)
        joined, weights = ((x + x.T).astype(jnp.float32) for x in (upper, weights))
        channels = jnp.stack([joined, joined * weights], -1)[..., : self.shape.edges]
        source = marked((drawn[-1, 0] * nodes).astype(jnp.int32), nodes)
        return Problem(jnp.stack([jnp.sort(drawn[-2]), source], -1), channels)

    def begin(self, problem: Problem) -> State:
        """Only the start is reached; every node points to itself."""
        nodes = len(problem.nodes)
        reached = problem.nodes[:, 1:2]
        return State(jnp.arange(nodes), reached, jnp.zeros((nodes, self.shape.numbers)))

    def written(self, problem: Problem) -> str:
        """The start and the edges, with their weights where they have any."""
        first, second = np.nonzero(np.triu(problem.edges[..., 0]))
        weight = [f":{w:.3f}" for w in problem.edges[first, second, -1]] if self.shape.edges > 1 else [""] * len(first)
        edges = " ".join(f"{a}-{b}{w}" for a, b, w in zip(first, second, weight, strict=True))
        return f"from {int(problem.nodes[:, 1].argmax())}: {edges}"


@dataclass(frozen=True)
class BFS(_Paths):
    """Point to the node from which each is reached first, to the first of them where there are several.

    `from 0: 0-1 0-2 1-3 2-3` points to `0 0 0 1`. `from 2: 0-1 1-2`, of four nodes, to `1 2 2 3`.
    """

    name: ClassVar[str] = "BFS"
    shape: ClassVar[Shape] = Shape(2, 1, (False,), 0, None)

    def step(self, problem: Problem, state: State) -> State:
        """Neighbours of what is reached are reached."""
        reached = state.masks[:, 0] > 0
        from_ = (problem.edges[..., 0] > 0) & reached[:, None]
        new = from_.any(0) & ~reached
        pointers = jnp.where(new, from_.argmax(0), state.pointers)
        return State(pointers, (reached | new)[:, None].astype(jnp.float32), state.numbers)


@dataclass(frozen=True)
class BellmanFord(_Paths):
    """Point to the node before each on the shortest path to it.

    `from 0: 0-1:0.900 0-2:0.200 1-2:0.300` points to `0 2 0`. `from 1: 0-1:0.500`, of three nodes, to `1 1 2`.
    """

    name: ClassVar[str] = "Bellman-Ford"
    shape: ClassVar[Shape] = Shape(2, 2, (False,), 1, None)

    def step(self, problem: Problem, state: State) -> State:
        """All edges are relaxed at once; `numbers` holds the distances found."""
        reached, distance = state.masks[:, 0] > 0, state.numbers[:, 0]
        from_ = (problem.edges[..., 0] > 0) & reached[:, None]
        through = jnp.where(from_, distance[:, None] + problem.edges[..., 1], jnp.inf)
        shortest, known = through.min(0), jnp.where(reached, distance, jnp.inf)
        better = shortest < known
        pointers = jnp.where(better, through.argmin(0), state.pointers)
        distance = jnp.where(better, shortest, distance)
        return State(pointers, (reached | better)[:, None].astype(jnp.float32), distance[:, None])
