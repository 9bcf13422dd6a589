"""Real handwritten digits among whose labels many wrong ones are mixed (Rolnick et al., 2017)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Sample
from heldout.tasks.interfaces import Batch
from heldout.tasks.vision.digit_classes import DigitClasses
from heldout.tasks.vision.handwriting import handwriting, partition
from heldout.tasks.vision.rows import different, named

Pattern = Literal["uniform", "structured", "permuted"]
HELD_OUT = 397
CONFUSED = (8, 7, 3, 9, 9, 6, 5, 1, 1, 4)
"""Of each digit one that it is easily taken for."""
ELSEWHERE = (1, 4, 8, 6, 3, 0, 9, 2, 7, 5)
"""The same in an order that says nothing."""


class Data(NamedTuple):
    """Images (n, 8, 8), true labels (n,), and what each bears: (n, 1 + copies) labels, the true one first."""

    images: np.ndarray
    labels: np.ndarray
    borne: np.ndarray


@dataclass(frozen=True)
class DilutedDigits(DigitClasses):
    """Classify 8x8 digits after training on `clean` of them, each beside `noisy` copies whose labels are random.

    There are 1,400 to train on; beyond them `clean` counts warped copies (turned by up to 15 degrees, shifted by up to a tenth).
    `pattern`: random labels are drawn evenly from all ten (`uniform`), or `bias` of the copies of a digit, on average, bear one
    fixed other digit, which is a similar one (`structured`) or not (`permuted`), and the rest even ones. Below a bias of 1 the
    true label stays the most frequent. With 20 noisy copies a 3 bears its label once for certain, and each of the ten, 3 among
    them, twice on average: true labels are 3 in 21, every wrong one 2 in 21. With 20 structured ones and a bias of 0.5 the
    others are 1.95 each: 2.95 in 21 are true, and a 9, for which a 3 is easily taken, is borne 2.45 times.
    """

    noisy: int = 20
    clean: int = 1_400
    pattern: Pattern = "uniform"
    bias: float = 0.5

    version: ClassVar[int] = 2
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    chance: ClassVar[float] = 0.1
    inputs: ClassVar[tuple[int, ...]] = (8, 8)
    outputs: ClassVar[int] = 10

    def __post_init__(self) -> None:
        if not (0 <= self.noisy <= 200 and 10 <= self.clean <= 30_000):
            raise HeldoutError(
                f"{self.clean} clean digits with {self.noisy} noisy copies each: give 10 to 30,000, and 0 to 200"
            )
        if not 0 <= self.bias <= max(self.noisy, 1):
            raise HeldoutError(
                f"{self.bias:g} biased copies of each digit: give 0 to {max(self.noisy, 1)}, as many as are noisy"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        pattern = "" if self.pattern == "uniform" or not self.noisy else f" ({self.pattern}, {self.bias:g})"
        return f"{self.clean:,} digits, {self.noisy} noisy labels each{pattern}"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` images with replacement, each with one of the labels that it bears."""
        data = diluted(self, train=split.train)
        rows, copies = data.borne.shape
        row, copy = jax.random.uniform(key, (2, n)) * jnp.array([[rows], [copies]])
        row = row.astype(jnp.int32)
        return Batch(
            jnp.asarray(data.images)[row], jnp.asarray(data.borne)[row, copy.astype(jnp.int32)].astype(jnp.int32)
        )

    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different images (all, where there are no more); true labels are right, in training as well."""
        data = diluted(self, train=split.train)
        index = different(key, len(data.labels), n)
        batch = Batch(jnp.asarray(data.images)[index], jnp.asarray(data.labels)[index])
        return batch, named(index, "diluted digits", split.name)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Images, and how often they bear which label."""
        data = diluted(self, train=split.train)
        rows = np.asarray(jax.random.permutation(key, len(data.labels))[:n])
        counts = (" ".join(map(str, np.bincount(data.borne[i], minlength=10))) for i in rows)
        return [
            Sample(f"labels 0 to 9: {c}", str(data.labels[i]), data.images[i])
            for i, c in zip(rows, counts, strict=True)
        ]


@lru_cache(maxsize=16)
def diluted(task: DilutedDigits, *, train: bool) -> Data:
    """What is trained on, or asked about; the first of the clean digits are the same for every number of them."""
    images, labels = handwriting("digits")
    training, test = partition("digits", HELD_OUT)
    if not train:
        pixels = images[test].astype(np.float32) / np.float32(255)
        return Data(pixels, labels[test], labels[test][:, None].astype(np.int8))
    rows = np.resize(training, task.clean)
    pixels, true = _warped(task.clean), labels[rows]
    rng = words("diluted digits", "labels").generator()
    shape = (task.clean, task.noisy)
    wrong, other = rng.integers(10, size=shape).astype(np.int8), rng.random(shape) < task.bias / max(task.noisy, 1)
    if task.pattern != "uniform":
        taken = np.array(CONFUSED if task.pattern == "structured" else ELSEWHERE, np.int8)[true][:, None]
        wrong = np.where(other, taken, wrong)
    return Data(pixels, true, np.concatenate([true[:, None].astype(np.int8), wrong], axis=1))


@lru_cache(maxsize=4)
def _warped(clean: int) -> np.ndarray:
    """(clean, 8, 8): the digits to train on as they are, then turned and shifted."""
    from scipy.ndimage import affine_transform

    rows = np.resize(partition("digits", HELD_OUT)[0], clean)
    made = handwriting("digits")[0][rows].astype(np.float32) / np.float32(255)
    rng = words("diluted digits", "warps").generator()
    angles, shifts = np.deg2rad(rng.uniform(-15, 15, clean)), rng.uniform(-0.8, 0.8, (clean, 2))
    middle = np.array([3.5, 3.5])
    for i in range(1_400, clean):
        turn = np.array([[np.cos(angles[i]), -np.sin(angles[i])], [np.sin(angles[i]), np.cos(angles[i])]])
        made[i] = affine_transform(made[i], turn, middle - turn @ middle + shifts[i], order=1)
    return made
