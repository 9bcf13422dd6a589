"""Numbers made by a small fixed network, the teacher, of which so many are shown."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss

POOL = 1 << 15


@dataclass(frozen=True)
class Teacher:
    """Predict what a fixed tanh network of `hidden` units says of normal inputs, from `examples` of them.

    The score of an example is 1 - (prediction - truth)^2 / 4, predictions cut to [-1, 1] where the truth lies. The examples of
    a smaller training set are among those of a larger one. `spread`: the inputs are shown at scales from 1 down to
    1 / spread, which makes the loss ill-conditioned.
    """

    examples: int = 1024
    dimensions: int = 8
    hidden: int = 12
    spread: float = 1.0

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"teacher {self.examples}" + (f", scales 1 to 1/{self.spread:g}" if self.spread != 1 else "")

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train and fresh inputs."""
        return (TRAIN, IID)

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong by the whole range, and exact."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """The score of saying 0, nearly."""
        return 1 - float((_pool(self)[1] ** 2).mean()) / 4

    @property
    def inputs(self) -> tuple[int, ...]:
        """One input."""
        return (self.dimensions,)

    @property
    def outputs(self) -> int:
        """One number."""
        return 1

    @property
    def loss(self) -> Loss:
        """Squared error."""
        return "squared error"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` examples: of the first `examples` of a fixed pool to train on, else fresh ones."""
        if split.train:
            inputs, targets = _pool(self)
            index = (jax.random.uniform(key, (n,)) * self.examples).astype(jnp.int32)
            return Batch(jnp.asarray(inputs[: self.examples])[index], jnp.asarray(targets[: self.examples])[index])
        plain = jax.random.normal(key, (n, self.dimensions))
        return Batch(plain * _scales(self), taught(self, plain))

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 less a quarter of the squared error."""
        return 1 - jnp.square(jnp.clip(outputs[:, 0], -1, 1) - batch.targets[:, 0]) / 4

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Predict `n` examples."""
        batch = self.draw(split, key, n)
        outputs = model(batch.inputs)
        item = jax.random.bits(key, (n, 2), jnp.uint32)
        return Outcomes(item, self.grade(batch, outputs), {"answer": outputs[:, 0], "label": batch.targets[:, 0]})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Inputs with what the teacher says."""
        batch = self.draw(split, key, n)
        rows = zip(np.asarray(batch.inputs), np.asarray(batch.targets[:, 0]), strict=True)
        return [Sample(" ".join(f"{v:.2f}" for v in x), f"{y:.3f}") for x, y in rows]

    def oracle(self) -> Any:
        """The teacher."""
        return lambda inputs: taught(self, inputs / _scales(self))


def taught(task: Teacher, inputs: Any) -> Any:
    """(n, dimensions) normal inputs to (n, 1) numbers between -1 and 1."""
    first, second = _weights(task.dimensions, task.hidden)
    return jnp.tanh(jnp.tanh(inputs @ first) @ second)


def _scales(task: Teacher) -> np.ndarray:
    return np.geomspace(1.0, 1.0 / task.spread, task.dimensions).astype(np.float32)


@lru_cache(maxsize=16)
def _weights(dimensions: int, hidden: int) -> tuple[np.ndarray, np.ndarray]:
    rng = words("teacher", dimensions, hidden).generator()
    first = rng.standard_normal((dimensions, hidden)) * 1.5 / np.sqrt(dimensions)
    second = rng.standard_normal((hidden, 1)) * 1.5 / np.sqrt(hidden)
    return first.astype(np.float32), second.astype(np.float32)


@lru_cache(maxsize=16)
def _pool(task: Teacher) -> tuple[np.ndarray, np.ndarray]:
    """(pool, dimensions) inputs as shown, and (pool, 1) targets; the same for every number of examples."""
    rng = words("teacher examples", task.dimensions).generator()
    plain = rng.standard_normal((POOL, task.dimensions)).astype(np.float32)
    first, second = _weights(task.dimensions, task.hidden)
    return plain * _scales(task), np.tanh(np.tanh(plain @ first) @ second)
