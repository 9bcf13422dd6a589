"""Numbers that a fixed linear map, the teacher, gives to normal inputs: a prediction is right if it is close enough."""

import math
from dataclasses import dataclass
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


@dataclass(frozen=True)
class TeacherStudent:
    """Predict t . x for standard normal x in `dimensions` and a fixed t of length 1; no noise.

    The score of an example is 1 where the squared error is at most `epsilon`, else 0. Train and iid inputs come from one
    distribution, and no two are ever equal: a learner makes itself a training set by drawing one. Two instances in two dimensions
    with t = (0.6, 0.8): (1, 0) gives 0.6 and (2, -1) gives 0.4; with epsilon 0.01, 0.35 is right for the second and 0.25 is not.
    """

    dimensions: int = 100
    epsilon: float = 0.01

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.dimensions < 1 or not self.epsilon > 0:
            raise HeldoutError(
                f"dimensions={self.dimensions}, epsilon={self.epsilon:g}: give at least one dimension and a positive epsilon"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"linear teacher {self.dimensions}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Inputs to learn from, and others."""
        return TRAIN, IID

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """The score of always saying 0."""
        return accuracy(1.0, self.epsilon)

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

    @property
    def teacher(self) -> np.ndarray:
        """(dimensions, 1) of length 1."""
        return _teacher(self.dimensions)

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """`n` inputs and what the teacher gives them."""
        inputs = jax.random.normal(jax.random.fold_in(key, int(split.train)), (n, self.dimensions))
        return Batch(inputs, inputs @ self.teacher)

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the squared error is at most epsilon."""
        return (jnp.square(outputs - batch.targets)[:, 0] <= self.epsilon).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Predict for `n` inputs."""
        batch = self.draw(split, key, n)
        outputs = model(batch.inputs)
        item = jax.random.bits(jax.random.fold_in(key, 2 + int(split.train)), (n, 2), jnp.uint32)
        return Outcomes(item, self.grade(batch, outputs), {"answer": outputs[:, 0], "label": batch.targets[:, 0]})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Inputs with what the teacher gives them."""
        batch = self.draw(split, key, n)
        rows = zip(np.asarray(batch.inputs), np.asarray(batch.targets[:, 0]), strict=True)
        return [Sample(" ".join(f"{v:.2f}" for v in x), f"{y:.3f}") for x, y in rows]

    def oracle(self) -> Any:
        """The teacher."""
        return lambda inputs: inputs @ self.teacher


def accuracy(loss: Any, epsilon: float) -> Any:
    """The share of right answers when errors are normal with mean 0 and this mean square, as those of a linear student are."""
    if isinstance(loss, float):
        return math.erf(math.sqrt(epsilon / (2.0 * max(loss, 1e-300))))
    return jax.scipy.special.erf(jnp.sqrt(epsilon / (2.0 * jnp.maximum(loss, 1e-30))))


@lru_cache(maxsize=16)
def _teacher(dimensions: int) -> np.ndarray:
    made = words("linear teacher", dimensions).generator().standard_normal((dimensions, 1))
    return (made / np.linalg.norm(made)).astype(np.float32)
