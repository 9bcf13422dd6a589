"""Real handwritten digits from which labels, or images, have been taken away by chance (Zhang et al., 2017)."""

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
from heldout.tasks.vision.rows import different, named, repeated

Pixels = Literal["true", "shuffled", "random", "gaussian"]


class Data(NamedTuple):
    """Images (n, 8, 8) and labels (n,)."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class RandomisedDigits(DigitClasses):
    """Classify 8x8 digits after training on `examples` of them, each label of which was drawn anew with odds `corruption`.

    `pixels`: as they are; `shuffled`, all by one permutation; `random`, each image by one of its own; or `gaussian`, numbers with
    the mean and spread of all pixels. What chance did is the same in every run, and the labels asked about are true. At
    corruption 1 a 3 may be labelled 7, or 3 by luck, and stays so; with gaussian pixels it is a picture of nothing.
    """

    corruption: float = 0.0
    pixels: Pixels = "true"
    examples: int = 500

    version: ClassVar[int] = 1
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    chance: ClassVar[float] = 0.1
    inputs: ClassVar[tuple[int, ...]] = (8, 8)
    outputs: ClassVar[int] = 10

    def __post_init__(self) -> None:
        if not 0 <= self.corruption <= 1:
            raise HeldoutError(f"labels drawn anew with odds {self.corruption:g}: give a number from 0 to 1")
        if not 10 <= self.examples <= 1_400:
            raise HeldoutError(f"{self.examples} examples: give 10 to 1,400 of the 1,797, for some must be held out")

    @property
    def name(self) -> str:
        """The name in tables."""
        labels = {0.0: "true labels", 1.0: "random labels"}.get(
            self.corruption, f"{self.corruption:.0%} of labels random"
        )
        return labels if self.pixels == "true" else f"{labels}, {self.pixels} pixels"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` images with replacement."""
        data = randomised(self, train=split.train)
        index = repeated(key, len(data.labels), n)
        return Batch(jnp.asarray(data.images)[index], jnp.asarray(data.labels)[index])

    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different images (all, where there are no more): those trained on with the labels that they bore."""
        data = randomised(self, train=split.train)
        index = different(key, len(data.labels), n)
        batch = Batch(jnp.asarray(data.images)[index], jnp.asarray(data.labels)[index])
        return batch, named(index, "randomised digits", split.name)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Images with their labels."""
        data = randomised(self, train=split.train)
        rows = np.asarray(jax.random.permutation(key, len(data.labels))[:n])
        return [Sample(f"{self.name}, {split.name}", str(data.labels[i]), np.clip(data.images[i], 0, 1)) for i in rows]


@lru_cache(maxsize=32)
def randomised(task: RandomisedDigits, *, train: bool) -> Data:
    """What is trained on, or asked about: all digits that are not among the first 1,400."""
    images, labels = handwriting("digits")
    order = np.concatenate(partition("digits", 397))
    rows = order[: task.examples] if train else order[1_400:]
    rng = words("randomised digits", "train" if train else "held out").generator()
    drawn, anew = rng.integers(10, size=1_400), rng.random(1_400)  # what little corruption strikes, much strikes too
    made = labels[rows].copy()
    if train:
        made = np.where(anew[: len(rows)] < task.corruption, drawn[: len(rows)], made).astype(np.int32)
    pixels = images[rows].reshape(len(rows), 64).astype(np.float32) / np.float32(255)
    if task.pixels == "shuffled":
        pixels = pixels[:, words("randomised digits", "permutation").generator().permutation(64)]
    elif task.pixels == "random":
        pixels = rng.permuted(pixels, axis=1)
    elif task.pixels == "gaussian":
        every = images / 255.0
        pixels = rng.normal(every.mean(), every.std(), pixels.shape).astype(np.float32)
    return Data(pixels.reshape(-1, 8, 8), made)
