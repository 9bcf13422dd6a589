"""Prompts of linear regression problems, to be learnt from in context; training knows so many problems (Li et al., 2023)."""

import math
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
from heldout.tasks.formal.episodes import asked, batch, parted
from heldout.tasks.interfaces import Batch, Loss

NEW = "problem"
"""The axis: problems that were not trained on."""
SIMULATED = 100_000


@dataclass(frozen=True)
class RegressionPrompts:
    """Give w . x for points x of a prompt, from the points before it with their noisy values.

    `problems`: how many weight vectors w are trained on, drawn once from N(0, I / d); `iid` asks new prompts of these, the axis
    prompts of new ones. Points are normal, values have noise of standard deviation `noise` where they are shown, and none where
    they are asked for. A prompt has `examples` points. Its score is 1 - (answer - w . x)^2 at the last one, at least 0; 1 is exact.

    With d = 1 and no noise, after `x = 1 is 2` comes `x = 3`, which is 6; after `x = -2 is 1` comes `x = 4`, which is -2.
    """

    dimensions: int = 3
    examples: int = 8
    problems: int = 256
    noise: float = 0.2
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.dimensions < 1 or self.examples < 2 or self.problems < 1:
            raise HeldoutError(
                f"dimensions={self.dimensions}, examples={self.examples}, problems={self.problems}: give at least 1, 2 and 1"
            )
        if not (self.noise > 0.0 and math.isfinite(self.noise)):
            raise HeldoutError(f"noise={self.noise:g} must be a positive standard deviation, such as 0.2")

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"{self.problems} problems of {self.dimensions}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, new prompts of the same problems, and new problems."""
        return (TRAIN, IID, Split("new problems", NEW))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong by a standard deviation of the values or more, and exact."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """The score of always saying 0."""
        return chance(self.dimensions)

    @property
    def inputs(self) -> tuple[int, int]:
        """Positions, and channels: a point, its value, whether the value is shown."""
        return 2 * self.examples, self.dimensions + 2

    @property
    def outputs(self) -> int:
        """One number at every position."""
        return 1

    @property
    def loss(self) -> Loss:
        """Squared error, at all points."""
        return "squared error"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` prompts."""
        weights, key = self._weights(split, key, n)
        points, values, shown = self._points(weights, key, self.examples)
        return batch(points, shown, values)

    def replaced(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, Batch]:
        """`n` prompts, and the same with another first example of the same problem."""
        weights, key = self._weights(split, key, n)
        points, values, shown = self._points(weights, key, self.examples + 1)
        kept = [np.delete(np.arange(self.examples + 1), other) for other in (1, 0)]
        before, after = (batch(points[:, at], shown[:, at], values[:, at]) for at in kept)
        return before, after

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 less the squared error at the last point, at least 0."""
        error = jnp.square(asked(outputs)[:, -1, 0] - asked(batch.targets)[:, -1, 0])
        return 1.0 - jnp.minimum(error, 1.0)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` prompts.

        Facts: `answer` and `label` at the last point, `distance` from the problem to the nearest one trained on.
        """
        found = self.draw(split, key, n)
        outputs = model(found.inputs)
        weights, _ = self._weights(split, key, n)
        gaps = jnp.square(weights[:, None] - jnp.asarray(trained_on(self))).sum(-1)
        item = jax.random.bits(jax.random.fold_in(key, len(self.splits) + self.splits.index(split)), (n, 2), jnp.uint32)
        last = asked(outputs)[:, -1, 0], asked(found.targets)[:, -1, 0]
        facts = {"answer": last[0], "label": last[1], "distance": jnp.sqrt(gaps.min(-1))}
        return Outcomes(item, self.grade(found, outputs), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Prompts, with the value at the last point."""
        found = self.draw(split, key, n)
        points, shown = (np.asarray(x) for x in parted(found.inputs, self.dimensions))
        targets = np.asarray(asked(found.targets))[:, -1, 0]
        return [self._sample(x, y, float(target)) for x, y, target in zip(points, shown[..., 0], targets, strict=True)]

    def oracle(self) -> "Ridge":
        """The mean of what the examples leave possible, for problems drawn anew: ridge regression."""
        return Ridge(self.dimensions, self.noise**2 * self.dimensions)

    def _weights(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, jax.Array]:
        """(n, d) the problems, and a key for the rest."""
        which, rest = jax.random.split(jax.random.fold_in(key, self.splits.index(split)))
        if split.axis is None:
            return jnp.asarray(trained_on(self))[jax.random.randint(which, (n,), 0, self.problems)], rest
        return jax.random.normal(which, (n, self.dimensions)) / math.sqrt(self.dimensions), rest

    def _points(self, weights: jax.Array, key: jax.Array, m: int) -> tuple[jax.Array, jax.Array, jax.Array]:
        """Points (n, m, d), their values (n, m, 1), and these as they are shown."""
        first, second = jax.random.split(key)
        points = jax.random.normal(first, (len(weights), m, self.dimensions))
        values = jnp.einsum("nmd,nd->nm", points, weights)[..., None]
        return points, values, values + self.noise * jax.random.normal(second, values.shape)

    def _sample(self, points: np.ndarray, shown: np.ndarray, target: float) -> Sample:
        written = ["(" + " ".join(f"{v:.2f}" for v in x) + ")" for x in points]
        known = [f"{x} is {y:.2f}" for x, y in zip(written[:-1], shown[:-1], strict=True)]
        return Sample(", ".join([*known, f"{written[-1]} is"]), f"{target:.2f}")


@dataclass(frozen=True)
class Ridge:
    """Ridge regression on the examples before each point: the posterior mean of w . x where `penalty` is d noise^2."""

    dimensions: int
    penalty: float

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, 2 m, d + 2) to (n, 2 m, 1)."""
        points, values = parted(inputs, self.dimensions)
        squares = jnp.einsum("nmi,nmj->nmij", points, points)
        gram = jnp.cumsum(squares, 1) - squares  # of the points before
        moments = jnp.cumsum(points * values, 1) - points * values
        weights = jnp.linalg.solve(gram + self.penalty * jnp.eye(self.dimensions), moments[..., None])[..., 0]
        return jnp.repeat((weights * points).sum(-1, keepdims=True), 2, axis=1)


@lru_cache(maxsize=64)
def trained_on(task: RegressionPrompts) -> np.ndarray:
    """(problems, d) the weight vectors trained on, the same in every process; fewer problems are among more."""
    rng = words("regression prompts", task.dimensions).generator()
    drawn = rng.standard_normal((task.problems, task.dimensions)) / math.sqrt(task.dimensions)
    return drawn.astype(np.float32)


@lru_cache(maxsize=16)
def chance(dimensions: int) -> float:
    """The score of always saying 0, by simulation."""
    rng = words("regression prompts", dimensions, "chance").generator()
    values = (rng.standard_normal((2, SIMULATED, dimensions))).prod(0).sum(-1) / math.sqrt(dimensions)
    return float(1.0 - np.minimum(values**2, 1.0).mean())
