"""Real handwritten digits whose colours tell the class, in every domain by other colours, until they no longer do."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Sample
from heldout.tasks.interfaces import Batch
from heldout.tasks.vision.digit_classes import DigitClasses
from heldout.tasks.vision.handwriting import handwriting, partition
from heldout.tasks.vision.rows import named

COLOUR, UNSEEN = "colour", "unseen colours"
RANDOM = Split("random colours", COLOUR, 1.0)
SWAPPED = Split("swapped colours", COLOUR, 2.0)
FRESH = Split("fresh colours", UNSEEN)


@dataclass(frozen=True)
class ColouredDigits(DigitClasses):
    """Say whether an 8x8 digit is 0 to 4 or 5 to 9, as CdSprites-N (Shi et al., 2022) has it for shapes.

    Each of `count` domains has two colours, one for either class: the shape tells the class everywhere, the colour does only
    to those who know all pairs. Held-out digits are shown as in training (`iid`), in a colour of the pair at random, in the
    other class's colour, and in colours of no domain. A digit is drawn in its colour on black.

    ColouredDigits(2) has pairs such as red for 0 to 4 and blue for 5 to 9, and yellow and green: under random colours a 3
    may be red, yellow, blue or green, and its answer stays "0 to 4". With swapped colours a 3 is blue or green only.
    """

    count: int = 5
    held_out: int = 600

    version: ClassVar[int] = 1
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID, RANDOM, SWAPPED, FRESH)
    chance: ClassVar[float] = 0.5
    inputs: ClassVar[tuple[int, ...]] = (8, 8, 3)
    outputs: ClassVar[int] = 2

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"coloured digits, {self.count} domains"

    @property
    def domains(self) -> tuple[str, ...]:
        """Pairs of colours."""
        return tuple(f"pair {d + 1}" for d in range(self.count))

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` digits of a split, each in the colours of some domain."""
        which, inner = jax.random.split(key)
        return self._drawn(split, jax.random.randint(which, (n,), 0, self.count), inner)

    def draw_domain(self, domain: Any, key: jax.Array, n: int) -> Batch:
        """Draw `n` training digits in the colours of one domain."""
        return self._drawn(TRAIN, jnp.full(n, domain), key)

    def _drawn(self, split: Split, domain: jax.Array, key: jax.Array) -> Batch:
        data = pixels(self.held_out)[0 if split.train else 1]
        choice, tossed = jax.random.uniform(key, (2, len(domain)))
        index = (choice * len(data[1])).astype(jnp.int32)
        return self._coloured(split, data, index, domain, tossed < 0.5)

    def _coloured(self, split: Split, data: Any, index: jax.Array, domain: jax.Array, heads: jax.Array) -> Batch:
        images, targets = jnp.asarray(data[0])[index], jnp.asarray(data[1])[index]
        told = {RANDOM.name: heads.astype(jnp.int32), SWAPPED.name: 1 - targets, FRESH.name: heads.astype(jnp.int32)}
        pairs = jnp.asarray(colours(self.count))
        first = self.count if split == FRESH else 0  # the colours of no domain come after those of all
        colour = pairs[first + domain, told.get(split.name, targets)]
        return Batch(images[..., None] * colour[:, None, None], targets)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Coloured digits."""
        batch, _ = self.asked(split, key, n)
        images = np.asarray(batch.inputs)
        return [
            Sample(f"{self.name}, {split.name}", ("0 to 4", "5 to 9")[int(t)], image)
            for image, t in zip(images, np.asarray(batch.targets), strict=True)
        ]

    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different digits (all, where there are no more), each in the colours of a domain at random."""
        data = pixels(self.held_out)[0 if split.train else 1]
        size, (chosen, shown) = len(data[1]), jax.random.split(key)
        index = jax.random.permutation(chosen, size)[:n]
        domain, tossed = jax.random.uniform(shown, (2, len(index)))
        item = named(index, "coloured digits", "train" if split.train else "held out")
        domain = (domain * self.count).astype(jnp.int32)
        return self._coloured(split, data, index, domain, tossed < 0.5), item


@lru_cache(maxsize=4)
def pixels(held_out: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Of training and held-out digits: (n, 8, 8) in [0, 1], and whether the digit is 5 or more."""
    images, labels = handwriting("digits")
    return tuple(
        (images[rows].astype(np.float32) / np.float32(255), (labels[rows] >= 5).astype(np.int32))
        for rows in partition("digits", held_out)
    )


@lru_cache(maxsize=8)
def colours(count: int) -> np.ndarray:
    """(2 * count, 2, 3): the pairs of all domains and as many of none, on the ring of pure hues in an order by chance.

    Neighbours on the ring are evenly spaced, so that no class has a side of it and no colour is twice there.
    """
    hues = words("coloured digits", "hues", count).generator().permutation(4 * count) / (4.0 * count)
    turned = (hues[:, None] + np.array([0.0, 2.0, 1.0]) / 3.0) % 1.0  # full at hue 0, 1/3, 2/3
    values = np.clip(np.abs(6.0 * turned - 3.0) - 1.0, 0.0, 1.0)
    return values.reshape(2 * count, 2, 3).astype(np.float32)
