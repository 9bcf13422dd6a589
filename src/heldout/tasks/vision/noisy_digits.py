"""Real handwritten digits, some of whose training labels are wrong."""

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
from heldout.tasks.vision.handwriting import handwriting, partition
from heldout.tasks.vision.rows import different, named, repeated


@dataclass(frozen=True)
class NoisyDigits:
    """Classify 8x8 digits after training on labels of which the share `noise` was replaced by another one at random.

    Which labels are wrong, and how, is the same in every run (symmetric noise, once and for all). Labels asked about are right.

    NoisyDigits(0.4) trains on 800 digits: a 3 may be labelled 7 and stays so; 480 of them bear their own number. A model that
    knew all training labels by heart would be right about 0.6 of the digits themselves.
    """

    noise: float = 0.4
    held_out: int = 997

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID)
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.1
    inputs: ClassVar[tuple[int, ...]] = (8, 8)
    outputs: ClassVar[int] = 10
    loss: ClassVar[Loss] = "cross entropy"

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

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the label."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different digits (all, where there are no more)."""
        images, labels = map(jnp.asarray, labelled(self)[0 if split.train else 1])
        index = different(key, len(labels), n)
        batch = Batch(images[index], labels[index])
        outputs, item = model(batch.inputs), named(index, "noisy digits", "train" if split.train else "held out")
        facts = {"answer": outputs.argmax(-1), "label": batch.targets, "confidence": jax.nn.softmax(outputs).max(-1)}
        return Outcomes(item, self.grade(batch, outputs), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Digits with their labels, right or wrong."""
        images, labels = labelled(self)[0 if split.train else 1]
        rows = np.asarray(jax.random.permutation(key, len(labels))[:n])
        return [Sample(f"{self.name}, {split.name}", str(labels[i]), images[i]) for i in rows]

    def oracle(self) -> None:
        """None: nobody knows what a scribble meant."""


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
