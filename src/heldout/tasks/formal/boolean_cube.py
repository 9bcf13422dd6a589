"""Learning a function on the Boolean cube from a half of it in which one place is frozen (Abbe et al., 2022)."""

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
from heldout.tasks.formal import boolean
from heldout.tasks.formal.pointer_value import BooleanFunction
from heldout.tasks.interfaces import Batch, Loss

HOLDOUT = "holdout"
"""The axis: the points at which the frozen place is -1, none of which are trained on."""


@dataclass(frozen=True)
class BooleanCube:
    """Give the value of a function at points of the cube.

    `frozen`: the place that is +1 in training and in `iid` (the canonical holdout), and -1 on the axis; None freezes nothing, and
    there is no axis. `shown`: the share of the points so left that is trained on; `iid` are the others. The score of a point is
    1 - (answer - value)^2 / 4, answers cut to between -1 and 1. So what the scores on `iid` and on the axis lack of 1, added, is
    half the mean squared error on the whole cube: the influence of the frozen place, for whoever ignores it and is right otherwise.

    The parity of 2 places at (+1 -1) is -1; that of (-1 -1) is +1.
    """

    function: BooleanFunction
    frozen: int | None = None
    shown: float = 0.85
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.frozen is not None and not 0 <= self.frozen < self.function.places:
            raise HeldoutError(f"{self.function.name} has no place {self.frozen}: give 0 to {self.function.places - 1}")
        size = (1 << self.function.places) >> (self.frozen is not None)
        if not 1 <= round(self.shown * size) < size:
            raise HeldoutError(f"shown={self.shown:g} of {size} points must leave some to train on and some to ask")

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"{self.function.name}, " + (
            f"{self.shown:.0%} shown" if self.frozen is None else f"place {self.frozen} frozen"
        )

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and the half in which the frozen place is another."""
        return (TRAIN, IID) if self.frozen is None else (TRAIN, IID, Split(f"place {self.frozen} flipped", HOLDOUT))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong by the whole range, and exact."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """The score of always giving the mean."""
        return 1.0 - float(laid_out(self).values.var()) / 4.0

    @property
    def inputs(self) -> tuple[int]:
        """The places."""
        return (self.function.places,)

    @property
    def outputs(self) -> int:
        """One number."""
        return 1

    @property
    def loss(self) -> Loss:
        """Squared error."""
        return "squared error"

    @property
    def influence(self) -> float:
        """The influence of the frozen place, in closed form; 0 where none is frozen."""
        return 0.0 if self.frozen is None else float(boolean.influence(laid_out(self).values)[self.frozen])

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` points of a split, with replacement."""
        rows = jnp.asarray(laid_out(self).rows[split.name])
        return self._batch(rows[jax.random.randint(key, (n,), 0, len(rows))])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 less a quarter of the squared error."""
        return 1.0 - jnp.square(jnp.clip(outputs[:, 0], -1.0, 1.0) - batch.targets[:, 0]) / 4.0

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different points, or all where there are no more. Facts: `answer` and `label`."""
        rows = jax.random.permutation(key, jnp.asarray(laid_out(self).rows[split.name]))[:n]
        batch = self._batch(rows)
        outputs = model(batch.inputs)
        item = jnp.stack([rows, jnp.zeros_like(rows)], 1).astype(jnp.uint32)
        return Outcomes(item, self.grade(batch, outputs), {"answer": outputs[:, 0], "label": batch.targets[:, 0]})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Points with their values."""
        rows = np.asarray(jax.random.permutation(key, jnp.asarray(laid_out(self).rows[split.name])))[:n]
        made = laid_out(self)
        points = boolean.cube(self.function.places)[rows]
        return [
            Sample(" ".join(f"{x:+.0f}" for x in point), f"{value:+g}")
            for point, value in zip(points, made.values[rows], strict=True)
        ]

    def oracle(self) -> "Known":
        """Knows every value."""
        return Known(laid_out(self).values)

    def _batch(self, rows: jax.Array) -> Batch:
        values = jnp.asarray(laid_out(self).values, jnp.float32)[rows]
        bits = rows[:, None] >> jnp.arange(self.function.places) & 1
        return Batch(1.0 - 2.0 * bits.astype(jnp.float32), values[:, None])


@dataclass(frozen=True, eq=False)
class Known:
    """The model that looks a value up."""

    values: np.ndarray

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, places) to (n, 1)."""
        row = (inputs < 0).astype(jnp.int32) @ (1 << jnp.arange(inputs.shape[1]))
        return jnp.asarray(self.values, jnp.float32)[row][:, None]


@dataclass(frozen=True, eq=False)
class World:
    """The values at all points, and the rows of each split."""

    values: np.ndarray
    rows: dict[str, np.ndarray]


@lru_cache(maxsize=64)
def laid_out(task: BooleanCube) -> World:
    """A function's values and the splits, the same in every process; the parting depends on places and frozen place only."""
    values, n, place = task.function.values(), task.function.places, task.frozen
    rows = (
        words("boolean cube", n, -1 if place is None else place).generator().permutation(len(values)).astype(np.int32)
    )
    flipped = rows[:0] if place is None else rows[(rows >> place & 1) == 1]
    left = rows if place is None else rows[(rows >> place & 1) == 0]
    size = round(task.shown * len(left))
    parts = {"train": left[:size], "iid": left[size:]} | {s.name: flipped for s in task.splits[2:]}
    return World(values, parts)
