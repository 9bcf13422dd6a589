"""Handwritten digits, clean and corrupted, and sequences of slightly perturbed ones."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import Words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss, Questions
from heldout.tasks.vision.corruptions import FAMILIES, SEVERITIES
from heldout.tasks.vision.fixed import Fixed, fixed
from heldout.tasks.vision.handwriting import SOURCES
from heldout.tasks.vision.rows import different, named, repeated

PERTURBATION = "perturbation"
"""The axis of the sequences; on it the score is a share of frames, not of correct answers."""

SEQUENCES = (
    "gaussian noise",
    "shot noise",
    "motion blur",
    "zoom blur",
    "snow",
    "brightness",
    "translate",
    "rotate",
    "tilt",
    "scale",
)


@dataclass(frozen=True)
class Corrupted:
    """Classify digits from `source` (`digits` 8x8 or `mnist` 28x28), trained on clean ones.

    One fixed set of `images` test images is shown clean (`iid`), under fifteen corruptions at five severities, and, `sequences`
    of them, as sequences of `frames` perturbed frames. Axes `noise`, `blur`, `weather`, `digital`: group = type, level =
    severity, score = share correct. Axis `perturbation`: group = type, score = share of frames on which the prediction is that
    of the frame before (for noise: of the first frame), which is 1 - flip probability. Everything but training is a fixed data
    set, as in ImageNet-C. `held_out` images are never trained on.
    """

    source: str = "digits"
    held_out: int = 400
    images: int = 250
    sequences: int = 100
    frames: int = 16

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.source

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, 75 corrupted sets, ten kinds of sequence."""
        return _splits()

    @property
    def bounds(self) -> tuple[float, float]:
        """A share."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """One class in ten."""
        return 0.1

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of an image."""
        side = SOURCES[self.source][3]
        return (side, side)

    @property
    def outputs(self) -> int:
        """Ten digits."""
        return 10

    @property
    def loss(self) -> Loss:
        """Cross entropy over the digits."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` images of a split, with replacement."""
        data = fixed(self, split)
        index = repeated(key, len(data.labels), n)
        return Batch(_values(jnp.asarray(data.images)[index]), jnp.asarray(data.labels)[index])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the label."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different images or sequences (all, where there are no more)."""
        data = fixed(self, split)
        if split.axis == PERTURBATION:
            index = different(key, len(data.images), n)
            return _watch(model, data.images, index, "noise" in (split.group or ""))
        size = min(len(data.labels), self.images)
        index = different(key, size, n)
        found = _grade(model, data.images[:size], data.labels[:size], index)
        return found._replace(item=named(index, "corrupted", "training image")) if split.train else found

    @property
    def asked(self) -> tuple[Split, ...]:
        """All but the sequences: there the answers of a model are compared with each other."""
        return tuple(s for s in self.splits if s.axis != PERTURBATION)

    def questions(self, split: Split, key: Words, n: int) -> Questions:
        """Images in [0, 1] with their labels; trained on are all that are not held out."""
        data = fixed(self, split)
        size = len(data.labels) if split.train else min(len(data.labels), self.images)
        index = np.arange(size) if n >= size else key.generator().permutation(size)[:n]
        item = np.asarray(named(jnp.asarray(index), "corrupted", "training image" if split.train else "image"))
        return Questions(item, data.images[index].astype(np.float32) / np.float32(255), data.labels[index])

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Images with their labels; of a sequence, first, middle and last frame side by side."""
        data = fixed(self, split)
        rows = np.asarray(different(key, len(data.labels), n))
        return [Sample(f"{self.source}, {split.name}", str(data.labels[i]), _shown(data, i)) for i in rows]

    def oracle(self) -> None:
        """None: nobody knows what a scribble meant."""


def _shown(data: Fixed, index: int) -> np.ndarray:
    image = data.images[index] / np.float32(255.0)
    return image if image.ndim == 2 else np.concatenate([image[0], image[len(image) // 2], image[-1]], axis=1)


@lru_cache(maxsize=1)
def _splits() -> tuple[Split, ...]:
    corrupted = [
        Split(f"{kind} {severity}", family, severity, kind)
        for family, kinds in FAMILIES
        for kind in kinds
        for severity in SEVERITIES
    ]
    sequences = [Split(f"{kind} sequence", PERTURBATION, None, kind) for kind in SEQUENCES]
    return (TRAIN, IID, *corrupted, *sequences)


def _values(images: jax.Array) -> jax.Array:
    return images.astype(jnp.float32) / 255.0


def _ask(model: Any, images: jax.Array) -> jax.Array:
    """The outputs for images (n, h, w) uint8, a few at a time: in one go they would not fit in the processor's cache."""
    n, few = len(images), 50
    padded = jnp.pad(images, ((0, -n % few), (0, 0), (0, 0)))
    outputs = jax.lax.map(lambda some: model(_values(some)), padded.reshape(-1, few, *images.shape[1:]))
    return outputs.reshape(-1, outputs.shape[-1])[:n]


@jax.jit
def _grade(model: Any, images: jax.Array, labels: jax.Array, index: jax.Array) -> Outcomes:
    outputs, labels = _ask(model, images[index]), labels[index]
    answers = outputs.argmax(-1)
    facts = {"answer": answers, "label": labels, "confidence": jax.nn.softmax(outputs).max(-1)}
    return Outcomes(named(index, "corrupted", "image"), (answers == labels).astype(jnp.float32), facts)


@partial(jax.jit, static_argnums=3)
def _watch(model: Any, sequences: jax.Array, index: jax.Array, noise: bool) -> Outcomes:
    chosen = sequences[index]
    answers = _ask(model, chosen.reshape(-1, *chosen.shape[2:])).argmax(-1).reshape(chosen.shape[:2])
    before = answers[:, :1] if noise else answers[:, :-1]
    return Outcomes(named(index, "corrupted", "sequence"), (answers[:, 1:] == before).mean(-1, dtype=jnp.float32), {})
