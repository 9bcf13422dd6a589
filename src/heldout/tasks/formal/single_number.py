"""Arithmetic on sums of inputs: two overlapping subsets are summed, one operation joins the sums; the range of values shifts."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
RANGE = "range"
"""The axis: values from a range outside of that of training; level = its upper end."""

SIMULATED = 100_000


@dataclass(frozen=True)
class SingleNumber:
    """Give a o b, a and b being sums of two overlapping subsets of `size` numbers (Madsen and Johansen, 2019).

    Numbers come uniformly from `range` for train and iid, from each range of `beyond` on the axis. A subset is the share `subset`
    of the inputs, of which the second shares `overlap` with the first. An instance is a whole test set of `examples` rows; its
    score is 1 if the mean squared error on it lies below that of the exact solution with every weight of the sums wrong by
    `epsilon`, else 0. Two rows of 4 numbers, subset 0.5: (1, 2, 1, 1) with + is (1 + 2) + (2 + 1) = 6, with * it is 9.
    """

    operation: str = "+"
    size: int = 100
    subset: float = 0.25
    overlap: float = 0.5
    range: tuple[float, float] = (1.0, 2.0)
    beyond: tuple[tuple[float, float], ...] = ((2.0, 6.0),)
    examples: int = 1000
    epsilon: float = 1e-5
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise HeldoutError(f"there is no operation {self.operation!r}: there is {', '.join(OPERATIONS)}")
        if not (self.summed >= 1 and 0.0 <= self.overlap <= 1.0 and self.used <= self.size):
            raise HeldoutError(
                f"size={self.size}, subset={self.subset:g}, overlap={self.overlap:g}: two subsets of {self.summed} must "
                f"fit, and take {self.used} inputs"
            )
        for low, high in (self.range, *self.beyond):
            if not (low < high and math.isfinite(high - low)):
                raise HeldoutError(f"the range from {low:g} to {high:g} is empty: give the lower end first")
            if self.operation == "/" and low <= 0.0 <= high:
                raise HeldoutError(f"the range from {low:g} to {high:g} holds 0, by which sums would be divided")
        if not (self.epsilon > 0.0 and self.examples >= 1):
            raise HeldoutError(f"give a positive epsilon and at least one example: {self.epsilon:g}, {self.examples}")

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"a {self.operation} b of {self.size}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Training and iid from one range, then the others."""
        return (TRAIN, IID, *(Split(f"{low:g} to {high:g}", RANGE, high) for low, high in self.beyond))

    @property
    def bounds(self) -> tuple[float, float]:
        """Failure and success."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Nobody guesses a real number."""
        return 0.0

    @property
    def inputs(self) -> tuple[int]:
        """The numbers."""
        return (self.size,)

    @property
    def outputs(self) -> int:
        """One number."""
        return 1

    @property
    def loss(self) -> Loss:
        """Squared error."""
        return "squared error"

    @property
    def summed(self) -> int:
        """How many numbers a subset has."""
        return math.floor(self.subset * self.size + 1e-9)

    @property
    def used(self) -> int:
        """How many numbers either subset has."""
        return 2 * self.summed - math.floor(self.overlap * self.summed + 1e-9)

    @property
    def weights(self) -> np.ndarray:
        """(size, 2) the sums as a matrix: the first numbers for a, those that end with the last used for b."""
        found = np.zeros((self.size, 2), np.float32)
        found[: self.summed, 0] = found[self.used - self.summed : self.used, 1] = 1.0
        return found

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` rows."""
        low, high = self.range_of(split)
        inputs = jax.random.uniform(
            jax.random.fold_in(key, self.splits.index(split)), (n, self.size), minval=low, maxval=high
        )
        return Batch(inputs, exact(self, inputs))

    def range_of(self, split: Split) -> tuple[float, float]:
        """Where the numbers of a split come from."""
        return self.range if split.axis is None else self.beyond[self.splits.index(split) - 2]

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the squared error of a row lies below the threshold of the training range."""
        return (jnp.square(outputs - batch.targets)[:, 0] < threshold(self, self.range)).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` test sets. Fact `error`: the mean squared error as a share of what counts as success."""
        batch = self.draw(split, key, n * self.examples)
        error = jnp.square(model(batch.inputs) - batch.targets).reshape(n, -1).mean(-1)
        item = jax.random.bits(jax.random.fold_in(key, len(self.splits) + self.splits.index(split)), (n, 2), jnp.uint32)
        limit = threshold(self, self.range_of(split))
        return Outcomes(item, (error < limit).astype(jnp.float32), {"error": error / limit})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Rows: the numbers of either sum, and the result."""
        batch = self.draw(split, key, n)
        rows = zip(np.asarray(batch.inputs), np.asarray(batch.targets)[:, 0], strict=True)
        return [Sample(self._written(row), f"{target:.4f}") for row, target in rows]

    def oracle(self) -> Callable[[jax.Array], jax.Array]:
        """Sums and joins."""
        return lambda inputs: exact(self, inputs)

    def _written(self, row: np.ndarray) -> str:
        first, second = (row[column > 0] for column in self.weights.T)
        a, b = (" + ".join(f"{x:.4f}" for x in some) for some in (first, second))
        return f"({a}) {self.operation} ({b})"


def exact(task: SingleNumber, inputs: Any, epsilon: float = 0.0) -> Any:
    """(n, size) to (n, 1): the result, or that of sums whose every weight is wrong by `epsilon`, towards the other of 0 and 1."""
    weights = task.weights * (1.0 - 2.0 * epsilon) + epsilon
    first, second = (inputs @ weights[:, i] for i in (0, 1))
    return OPERATIONS[task.operation](first, second)[:, None]


@lru_cache(maxsize=256)
def threshold(task: SingleNumber, values: tuple[float, float]) -> float:
    """The mean squared error of the solution that is wrong by epsilon, on numbers from a range, by simulation."""
    rng = words("single number", task.size, str(values)).generator()
    inputs = rng.uniform(*values, (SIMULATED, task.size))
    return float(np.square(exact(task, inputs, task.epsilon) - exact(task, inputs)).mean())
