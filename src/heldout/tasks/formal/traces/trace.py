"""Algorithms run step by step on n nodes, as in the CLRS benchmark (Veličković et al., 2022): a model is taught every step.

A problem is numbers of nodes and of pairs of nodes. What an algorithm knows after a step is its state, the benchmark's "hints":
every node points to one node, and has masks and numbers. The last state holds the answer: the pointers, or the one node of a mask.
Every trace of one size has as many steps; an algorithm that is done before stays as it is.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.choice import mixed


class State(NamedTuple):
    """`pointers` (n,): where each node points to. `masks` (n, kinds): 0 or 1. `numbers` (n, kinds)."""

    pointers: Any
    masks: Any
    numbers: Any


class Problem(NamedTuple):
    """`nodes` (n, channels): first a position, growing from node to node, at random, so that no place can be learnt by heart.

    `edges` (n, n, channels): first whether there is one.
    """

    nodes: Any
    edges: Any


class Shape(NamedTuple):
    """How many numbers, masks and channels there are; `one_of`: which masks mark just one node; `answer`: a mask, or the pointers."""

    nodes: int
    edges: int
    one_of: tuple[bool, ...]
    numbers: int
    answer: int | None


class Follower(Protocol):
    """What runs an algorithm: problems and states with a leading axis, to the states after so many steps."""

    def __call__(self, problem: Problem, first: State, steps: int) -> State:
        """The last states."""
        ...


@dataclass(frozen=True)
class Traces(ABC):
    """Problems of `train` nodes to be taught on; axis `size`: more nodes.

    The score is the micro-averaged F1 of the answer: the share of nodes that point where they should, or 1 for the right node.
    """

    train: int = 8
    size: tuple[int, ...] = (16,)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str]
    shape: ClassVar[Shape]

    def __post_init__(self) -> None:
        if self.train < 4:
            raise HeldoutError(f"{self.name}: train={self.train} leaves too few problems: give at least 4 nodes")
        if short := [n for n in self.size if n <= self.train]:
            raise HeldoutError(f"{self.name}: size {short[0]} is not larger than the {self.train} nodes of training")

    @abstractmethod
    def pose(self, key: jax.Array, nodes: int) -> Problem:
        """A problem."""

    @abstractmethod
    def begin(self, problem: Problem) -> State:
        """The state before the first step."""

    @abstractmethod
    def step(self, problem: Problem, state: State) -> State:
        """The state after the next step."""

    @abstractmethod
    def written(self, problem: Problem) -> str:
        """The problem as text."""

    @staticmethod
    def steps(nodes: int) -> int:
        """How many steps a trace has."""
        return nodes - 1

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per size."""
        return (TRAIN, IID, *(Split(f"size-{n}", "size", n) for n in self.size))

    @property
    def bounds(self) -> tuple[float, float]:
        """A share."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """Pointing anywhere."""
        return 1.0 / self.train

    def nodes(self, split: Split) -> int:
        """The size of the problems of a split."""
        return self.train if split.level is None else int(split.level)

    def draw(self, split: Split, key: jax.Array, n: int) -> tuple[Problem, State]:
        """`n` problems and their states (n, steps + 1, ...), from before the first step to after the last."""
        return jax.vmap(lambda one: self.run(self.pose(one, self.nodes(split))))(jax.random.split(key, n))

    def run(self, problem: Problem) -> tuple[Problem, State]:
        """A problem and the states of its trace."""
        first = self.begin(problem)

        def forward(state: State, _: None) -> tuple[State, State]:
            state = self.step(problem, state)
            return state, state

        _, later = jax.lax.scan(forward, first, None, self.steps(len(problem.nodes)))
        return problem, jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, later)

    def grade(self, found: State, wanted: State) -> jax.Array:
        """The F1 of last states (n, ...)."""
        if self.shape.answer is None:
            return (found.pointers == wanted.pointers).mean(-1)
        pairs = (one.masks[..., self.shape.answer].argmax(-1) for one in (found, wanted))
        return jnp.equal(*pairs).astype(jnp.float32)

    def trials(self, model: Follower, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` problems."""
        return ask(self, split, n, model, key)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Problems with the answer: where each node points to, or the node marked."""
        problems, states = draw(self, split, n, key)
        found = []
        for row in range(n):
            problem, last = (jax.tree.map(lambda x, row=row: np.asarray(x[row]), one) for one in (problems, states))
            answer = self.shape.answer
            nodes = last.pointers[-1] if answer is None else [int(last.masks[-1, :, answer].argmax())]
            found.append(Sample(self.written(problem), " ".join(map(str, nodes))))
        return found

    def oracle(self) -> "Algorithm":
        """The algorithm itself."""
        return Algorithm(self)


@runtime_checkable
class Extendable(Protocol):
    """An algorithm for which more can be put behind a problem, and every step of the problem's trace stays the same."""

    def longer(self, problem: Problem, key: jax.Array, more: int) -> Problem:
        """The problem as the first nodes of a larger one."""
        ...


@dataclass(frozen=True)
class Algorithm:
    """The model that does what the algorithm does."""

    task: Traces

    def __call__(self, problem: Problem, first: State, steps: int) -> State:
        """The states after so many steps."""
        return jax.lax.fori_loop(0, steps, lambda _, state: jax.vmap(self.task.step)(problem, state), first)


@eqx.filter_jit
def ask(task: Traces, split: Split, n: int, model: Any, key: jax.Array) -> Outcomes:
    """The outcomes of `n` problems; compiled once per task, split and number."""
    problem, states = task.draw(split, key, n)
    first, last = (jax.tree.map(lambda x, t=t: x[:, t], states) for t in (0, -1))
    found = model(problem, first, states.pointers.shape[1] - 1)
    return Outcomes(identify(problem), task.grade(found, last), {})


@eqx.filter_jit
def draw(task: Traces, split: Split, n: int, key: jax.Array) -> tuple[Problem, State]:
    """Traces to look at; compiled once per task, split and number."""
    return task.draw(split, key, n)


def identify(problem: Problem) -> jax.Array:
    """(n, 2) uint32 ids: equal for equal problems."""
    flat = jnp.concatenate([x.reshape(len(x), -1).astype(jnp.float32) for x in problem], -1)
    weights = jnp.asarray(np.random.default_rng(2022).integers(0, 2**32, (flat.shape[1], 2)), jnp.uint32) | 1
    bits = jax.lax.bitcast_convert_type(flat, jnp.uint32)
    return mixed((mixed(bits)[..., None] * weights).sum(1, dtype=jnp.uint32))


def marked(node: Any, nodes: int) -> jax.Array:
    """(nodes,) 1 at a node, else 0."""
    return (jnp.arange(nodes) == node).astype(jnp.float32)
