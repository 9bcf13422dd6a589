"""Episodes of small classification problems, each made of one data set by a random projection and shuffled names.

After "General-Purpose In-Context Learning by Meta-Learning Transformers" (Kirsch et al., 2022).
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.episodes import asked, batch, parted
from heldout.tasks.interfaces import Batch, Loss
from heldout.tasks.vision.handwriting import handwriting, partition

NEW, DATA = "problem", "data"
"""The axes: problems that were not trained on, and such made of other data than digits."""
PIXELS = 64
SPREAD = 0.7
"""The standard deviation of a cloud about its centre; centres have what makes the variance of all points 1."""
HELD = 600
"""How many of the 1,797 digits are kept for the test."""


class Data(NamedTuple):
    """Digits (n, 64), the mean square of whose numbers is 1, and their classes (n,)."""

    points: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True)
class RandomProjections:
    """Name the class of a point, from the points before it with the names of theirs.

    A problem is a matrix of normal numbers that takes 8x8 digits (0, 1 ... `classes` - 1) to `dimensions` numbers, and an order
    of the names. `problems`: how many are trained on, the same in every run; fewer are among more. `iid` has held-out digits under
    these, `new problems` has held-out digits under others, and `new data` has no digits: points lie in normal clouds about centres
    drawn anew. An episode has `examples` different points; its score is 1 for the right name at the last one, else 0.

    With one dimension and two classes, after `3.1 is a`, `-2.0 is b` and `2.8 is a` comes `3.3`, which is a; after `3.1 is b`,
    `-2.0 is a` and `2.8 is b` comes `-1.9`, which is a.
    """

    problems: int = 256
    classes: int = 4
    dimensions: int = 16
    examples: int = 16
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 2
    traced: ClassVar[bool] = True
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID, Split("new problems", NEW), Split("new data", DATA))
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    loss: ClassVar[Loss] = "cross entropy"

    def __post_init__(self) -> None:
        if not 2 <= self.classes <= 10:
            raise HeldoutError(f"classes={self.classes} must lie between 2 and 10, for there are ten digits")
        if self.problems < 1 or self.dimensions < 1 or not 2 <= self.examples <= 100:
            raise HeldoutError(
                f"problems={self.problems}, dimensions={self.dimensions}, examples={self.examples}: "
                "give at least 1 and 1, and from 2 to 100"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"{self.problems:,} projections of digits"

    @property
    def chance(self) -> float:
        """Guessing a name."""
        return 1.0 / self.classes

    @property
    def inputs(self) -> tuple[int, int]:
        """Positions, and channels: a point, its name, whether the name is shown."""
        return 2 * self.examples, self.dimensions + self.classes + 1

    @property
    def outputs(self) -> int:
        """One for each name, at every position."""
        return self.classes

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` episodes."""
        key = jax.random.fold_in(key, self.splits.index(split))
        points, names = self._clouds(key, n) if split.axis == DATA else self._digits(split, key, n)
        return batch(points, jax.nn.one_hot(names, self.classes), names)

    def right(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """(n, examples): 1 where the largest output at a point is that of its name, after as many examples as stand before it."""
        return (asked(outputs).argmax(-1) == asked(batch.targets)).astype(jnp.float32)

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 for the right name at the last point."""
        return self.right(batch, outputs)[:, -1]

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` episodes.

        Facts: `answer` and `label` at the last point, the `share` of all points named rightly, and whether the problem is
        `known`, which is to say one that is trained on.
        """
        found = self.draw(split, key, n)
        outputs = answers(model, found.inputs)
        item = bits(jax.random.fold_in(key, len(self.splits) + self.splits.index(split)), (n, 2))
        answer, label = asked(outputs)[:, -1].argmax(-1), asked(found.targets)[:, -1]
        known = jnp.full(n, split.axis is None, jnp.float32)
        facts = {"answer": answer, "label": label, "share": self.right(found, outputs).mean(-1), "known": known}
        return Outcomes(item, self.grade(found, outputs), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Episodes, with the name of the last point."""
        found = self.draw(split, key, n)
        points = np.asarray(parted(found.inputs, self.dimensions)[0])
        return [_sample(x, t) for x, t in zip(points, np.asarray(asked(found.targets)), strict=True)]

    def oracle(self) -> "Clouds":
        """What is best for `new data`, where no more can be known; on digits it is a good rule, which a model may surpass."""
        return Clouds(self.dimensions, SPREAD)

    def _digits(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, jax.Array]:
        """Points (n, m, d) and names (n, m) of digits, each episode under a problem of its own."""
        numbers = bits(key, (n, 2 + self.examples))
        start = words("random projections" if split.axis is None else "new random projections")
        which = numbers[:, 0] % np.uint32(self.problems) if split.axis is None else numbers[:, 0]
        matrices, orders = self._problems(jax.random.wrap_key_data(jnp.asarray(start, jnp.uint32)), which)
        data = digits(self.classes)[0 if split.train else 1]
        rows = different(numbers[:, 1:], len(data.classes))
        points = jnp.einsum("nmp,npd->nmd", jnp.asarray(data.points)[rows], matrices)
        return points, jnp.take_along_axis(orders, jnp.asarray(data.classes)[rows], 1)

    def _problems(self, start: jax.Array, which: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The matrices (n, 64, d) of problems by their numbers, and their names (n, classes): the ranks of random numbers."""
        size = PIXELS * self.dimensions
        keys = jax.vmap(jax.random.fold_in, (None, 0))(start, which)
        numbers = jax.vmap(lambda key: jax.random.normal(key, (size + self.classes,)))(keys)
        matrices = numbers[:, :size].reshape(-1, PIXELS, self.dimensions) / math.sqrt(PIXELS)
        orders = numbers[:, size:]
        return matrices, (orders[:, :, None] > orders[:, None]).sum(-1)

    def _clouds(self, key: jax.Array, n: int) -> tuple[jax.Array, jax.Array]:
        """Points (n, m, d) about centres drawn anew for every episode, and names (n, m)."""
        shape = (n, self.classes + self.examples, self.dimensions)
        numbers = jax.random.normal(jax.random.fold_in(key, 0), (math.prod(shape),)).reshape(shape)
        names = (bits(jax.random.fold_in(key, 1), (n, self.examples)) % np.uint32(self.classes)).astype(jnp.int32)
        centres = math.sqrt(1.0 - SPREAD**2) * numbers[:, : self.classes]
        return jnp.take_along_axis(centres, names[..., None], 1) + SPREAD * numbers[:, self.classes :], names


@eqx.filter_jit
def answers(model: Any, inputs: jax.Array) -> jax.Array:
    """What a model says, compiled once for all tasks and splits."""
    return model(inputs)


@dataclass(frozen=True)
class Clouds:
    """The Bayes rule for points in normal clouds about unknown centres, all points together having variance 1.

    A class of which k points have been seen predicts the next one about their mean, shrunk towards 0.
    """

    dimensions: int
    spread: float

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, 2 m, d + classes + 1) to log probabilities (n, 2 m, classes), up to what is alike for all classes."""
        points, names = parted(inputs, self.dimensions)
        noise, prior = self.spread**2, 1.0 - self.spread**2
        sums = jnp.einsum("nmc,nmd->nmcd", names, points)
        seen = (jnp.cumsum(names, 1) - names)[..., None]  # of the points before
        precision = 1.0 / prior + seen / noise
        mean = (jnp.cumsum(sums, 1) - sums) / noise / precision
        variance = noise + 1.0 / precision
        gap = jnp.square(points[:, :, None] - mean).sum(-1, keepdims=True)
        logs = -0.5 * (gap / variance + self.dimensions * jnp.log(variance))[..., 0]
        return jnp.repeat(logs, 2, axis=1)


@lru_cache(maxsize=8)
def digits(classes: int) -> tuple[Data, Data]:
    """Training and held-out digits of so many classes; the training digits have mean 0 at every pixel."""
    images, labels = handwriting("digits")
    rows = [part[labels[part] < classes] for part in partition("digits", HELD)]
    parts = [images[part].reshape(-1, PIXELS).astype(np.float64) for part in rows]
    middle = parts[0].mean(0)
    scale = math.sqrt(np.square(parts[0] - middle).mean())
    made = [Data(((part - middle) / scale).astype(np.float32), labels[r]) for part, r in zip(parts, rows, strict=True)]
    return made[0], made[1]


def different(numbers: jax.Array, size: int) -> jax.Array:
    """(n, 1 + m) random bits to (n, m) of `size` rows, different ones within an episode: one of each of m blocks, which begin anywhere."""
    m = numbers.shape[1] - 1
    block = size // m
    at = jnp.arange(m, dtype=jnp.uint32) * np.uint32(block) + numbers[:, 1:] % np.uint32(block)
    return ((at + numbers[:, :1] % np.uint32(size)) % np.uint32(size)).astype(jnp.int32)


def bits(key: jax.Array, shape: tuple[int, int]) -> jax.Array:
    """Random bits, drawn in one row: drawn in their shape, they would take XLA some times as long to compile."""
    return jax.random.bits(key, (math.prod(shape),), jnp.uint32).reshape(shape)


def _sample(points: np.ndarray, names: np.ndarray) -> Sample:
    written = ["(" + " ".join(f"{v:.1f}" for v in x) + ")" for x in points]
    said = ["abcdefghij"[i] for i in names]
    known = [f"{x} is {name}" for x, name in zip(written[:-1], said[:-1], strict=True)]
    return Sample(", ".join([*known, f"{written[-1]} is"]), said[-1])
