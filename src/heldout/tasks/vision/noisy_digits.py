"""Real handwritten digits, some of whose training labels are wrong."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

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


@dataclass(frozen=True)
class NoisyDigits(DigitClasses):
    """Classify 8x8 digits after training on labels of which the share `noise` was replaced by another one at random.

    Which labels are wrong, and how, is the same in every run (symmetric noise, once and for all). Labels asked about are right.

    NoisyDigits(0.4) trains on 800 digits: a 3 may be labelled 7 and stays so; 480 of them bear their own number. A model that
    knew all training labels by heart would be right about 0.6 of the digits themselves.
    """

    noise: float = 0.4
    held_out: int = 997

    version: ClassVar[int] = 1
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    chance: ClassVar[float] = 0.1
    inputs: ClassVar[tuple[int, ...]] = (8, 8)
    outputs: ClassVar[int] = 10

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= 1:
            raise HeldoutError(f"a share of {self.noise:g} wrong labels: give a number from 0 to 1")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"digits, {self.noise:.0%} of labels wrong"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` digits with replacement."""
        images, labels = map(jnp.asarray, labelled(self)[0 if split.train else 1])
        index = repeated(key, len(labels), n)
        return Batch(images[index], labels[index])

    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different digits (all, where there are no more)."""
        images, labels = map(jnp.asarray, labelled(self)[0 if split.train else 1])
        index = different(key, len(labels), n)
        known = "train" if split.train else "held out"
        return Batch(images[index], labels[index]), named(index, "noisy digits", known)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Digits with their labels, right or wrong."""
        images, labels = labelled(self)[0 if split.train else 1]
        rows = np.asarray(jax.random.permutation(key, len(labels))[:n])
        return [Sample(f"{self.name}, {split.name}", str(labels[i]), images[i]) for i in rows]


@lru_cache(maxsize=4)
def labelled(task: NoisyDigits) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Of training and held-out digits: (n, 8, 8) in [0, 1], and (n,) labels, of which those of training may be wrong."""
    images, labels = handwriting("digits")
    train, test = partition("digits", task.held_out)
    rng, wrong = words("noisy digits", "labels").generator(), labels[train].copy()
    struck = rng.permutation(len(train))[
        : round(task.noise * len(train))
    ]  # what little noise strikes, much strikes too
    wrong[struck] = (wrong[struck] + rng.integers(1, 10, len(train))[: len(struck)]) % 10
    pixels = images.astype(np.float32) / np.float32(255)
    return (pixels[train], wrong), (pixels[test], labels[test])
