"""Kernel ridge regression (Saunders et al., 1998), in closed form."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.learners.supervised import train_split
from heldout.tasks.interfaces import Examples

MOST = 4096
"""Examples that are solved for at most: the time grows with their cube, the memory with their square."""


class Kernels(eqx.Module):
    """A weighted sum of Gaussian kernels: `centres` (examples, inputs), `weights` (examples, outputs), `gamma` their sharpness."""

    centres: jax.Array
    weights: jax.Array
    gamma: float = eqx.field(static=True)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, ...) to (n, outputs)."""
        return gaussian(inputs.reshape(len(inputs), -1), self.centres, self.gamma) @ self.weights


class Solved(NamedTuple):
    """What was drawn, and its weights once they are solved for; `step` is shared by all seeds."""

    step: jax.Array
    centres: jax.Array
    targets: jax.Array
    weights: jax.Array


@dataclass(frozen=True)
class KernelRidge:
    """Draw `examples` once and solve for the function of least squared error and `decay` times its squared norm.

    The kernel is exp(-gamma |a - b|^2). Classes are fitted as one-hot numbers; the largest output counts. Seeds differ in examples.
    """

    examples: int
    decay: float = 1e-3
    gamma: float = 0.1
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "fit"
    steps: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not 1 <= self.examples <= MOST:
            raise HeldoutError(f"kernel ridge: examples={self.examples} must lie between 1 and {MOST:,}")
        if not (self.decay > 0 and self.gamma > 0):
            raise HeldoutError(f"kernel ridge: decay={self.decay:g} and gamma={self.gamma:g} must be positive")

    @property
    def name(self) -> str:
        """The label, else the number of examples."""
        return self.label or f"kernel ridge on {self.examples}"

    def start(self, task: Examples, key: jax.Array) -> Solved:
        """The examples; weights of zero."""
        drawn = task.draw(train_split(task), key, self.examples)
        targets = jax.nn.one_hot(drawn.targets, task.outputs) if task.loss == "cross entropy" else drawn.targets
        if targets.ndim != 2:
            raise HeldoutError(
                f"{self.name} learns one answer per instance: {task!r:.60} has targets of {targets.ndim - 1} axes"
            )
        centres = drawn.inputs.reshape(len(drawn.inputs), -1)
        return Solved(jnp.asarray(0, jnp.int32), centres, targets, jnp.zeros_like(targets))

    def advance(self, task: Examples, state: Solved, until: Any) -> Solved:  # noqa: ARG002
        """The weights: (K + decay I)^-1 y."""
        kernel = gaussian(state.centres, state.centres, self.gamma) + self.decay * jnp.eye(self.examples)
        weights = jax.scipy.linalg.cho_solve(jax.scipy.linalg.cho_factor(kernel), state.targets)
        return Solved(jnp.maximum(state.step, until), state.centres, state.targets, weights)

    def model(self, task: Examples, state: Solved) -> Kernels:  # noqa: ARG002
        """The function."""
        return Kernels(state.centres, state.weights, self.gamma)


def gaussian(one: jax.Array, other: jax.Array, gamma: float) -> jax.Array:
    """(n, d) and (m, d) to (n, m): exp(-gamma |a - b|^2)."""
    squares = jnp.square(one).sum(-1)[:, None] + jnp.square(other).sum(-1) - 2 * one @ other.T
    return jnp.exp(-gamma * jnp.maximum(squares, 0.0))
