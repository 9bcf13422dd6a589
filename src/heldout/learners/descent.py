"""Gradient descent of a linear student on all of its few examples at once, so that its course is known in closed form."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.learners.by_updates import ByUpdates
from heldout.learners.supervised import train_split
from heldout.tasks.interfaces import Batch, Examples


class Student(eqx.Module):
    """A linear map without a constant: `weights` (inputs, outputs)."""

    weights: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, inputs) to (n, outputs)."""
        return inputs @ self.weights


class Course(NamedTuple):
    """Where a descent stands, where it began, and what it learns from; `step` is shared by all seeds.

    `rest`: what the weights would be larger by if they had more digits.
    """

    step: jax.Array
    weights: jax.Array
    rest: jax.Array
    first: jax.Array
    examples: Batch


@dataclass(frozen=True)
class Descent(ByUpdates):
    """Draw `examples` once, then follow the gradient of the mean squared error and of `decay` times the squared norm.

    First weights are normal; their expected norm is `scale`. Seeds differ in examples and in first weights.
    """

    examples: int
    steps: int
    rate: float = 0.01
    decay: float = 0.0
    scale: float = 1.0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the number of examples."""
        return self.label or f"gradient descent on {self.examples}"

    def start(self, task: Examples, key: jax.Array) -> Course:
        """First weights and the examples."""
        if task.loss != "squared error" or len(task.inputs) != 1:
            raise HeldoutError(f"{self.name} minimises squared errors of vectors: {task!r:.60} asks for something else")
        size = task.inputs[0]
        first = jax.random.normal(jax.random.fold_in(key, 0), (size, task.outputs)) * self.scale / jnp.sqrt(size)
        drawn = task.draw(train_split(task), jax.random.fold_in(key, 1), self.examples)
        return Course(
            jnp.asarray(0, jnp.int32), first, jnp.zeros_like(first), first, Batch(drawn.inputs, drawn.targets)
        )

    def advance(self, task: Examples, state: Course, until: Any) -> Course:  # noqa: ARG002
        """The state after update `until`.

        Changes get too small for the last digit of the weights long before the end; what is lost is carried along (Kahan, 1965).
        """
        inputs, targets = state.examples.inputs, state.examples.targets
        moment, cross = inputs.T @ inputs / self.examples, inputs.T @ targets / self.examples

        def update(_: jax.Array, carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            weights, rest = carry
            change = rest - 2.0 * self.rate * (moment @ weights - cross + self.decay * weights)
            moved = weights + change
            return moved, change - (moved - weights)

        weights, rest = jax.lax.fori_loop(state.step, until, update, (state.weights, state.rest))
        return Course(jnp.maximum(state.step, until), weights, rest, state.first, state.examples)

    def model(self, task: Examples, state: Course) -> Student:  # noqa: ARG002
        """The student."""
        return Student(state.weights)
