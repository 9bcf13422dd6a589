"""Real handwritten digits drawn in styles (photograph, painting, cartoon, sketch ...), one of which no training shows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Sample
from heldout.tasks.interfaces import Batch
from heldout.tasks.vision.digit_classes import DigitClasses
from heldout.tasks.vision.handwriting import SOURCES, handwriting, partition
from heldout.tasks.vision.rows import different, named, repeated

SIDE, CUT, SHARES = 16, 0.4, 4
"""Pixels of a side; ink from which on a pixel is part of the figure; and shares into which training digits are dealt."""

MARGIN = {"digits": 0, "mnist": 4}
"""Of the images of a source with an empty pixel more all around: how many pixels are cut off there."""

Labels = Literal["digit", "parity", "size", "holes", "remainder"]
Generator = np.random.Generator


@dataclass(frozen=True)
class Styles(DigitClasses):
    """Classify digits in a style that is `left` out, after training on digits in other styles, the `sources`.

    A stand-in for PACS (Li et al., 2017): 16x16 pixels in colour. Training digits are dealt to the styles, so that no two styles of
    photo, art, cartoon and sketch train on the same digit, and held-out digits are seen in no style. They are asked about in the
    sources' styles (`iid`) and in the style left out. `labels` are asked for: the digit, or something else that is known of it, with ten
    answers all the same.

    Styles("sketch") trains on 299 digits each as photographs, paintings and cartoons. A 3 of the sketches is a dark outline on white
    paper, and the answer is 3; Styles("photo", ("sketch",)) has such outlines to learn from, and asks about bright 3s on a dim ground.
    """

    left: str = "sketch"
    sources: tuple[str, ...] = ()
    labels: Labels = "digit"
    data: str = "digits"
    held_out: int = 600

    version: ClassVar[int] = 1
    inputs: ClassVar[tuple[int, ...]] = (SIDE, SIDE, 3)
    outputs: ClassVar[int] = 10

    def __post_init__(self) -> None:
        for style in (self.left, *self.sources):
            if style not in STYLES:
                raise HeldoutError(f"no style is called {style!r}: there is {', '.join(STYLES)}")
        if self.left in self.sources:
            raise HeldoutError(f"the style {self.left!r} is left out, and so cannot be a source")
        if self.data not in MARGIN:
            raise HeldoutError(f"no digits are called {self.data!r}: there is {', '.join(MARGIN)}")

    @property
    def name(self) -> str:
        """The name in tables."""
        shown = f"{' and '.join(self.sources)}, {self.left}" if self.sources else self.left
        what = "styles" if (self.data, self.labels) == ("digits", "digit") else f"{self.labels} of {self.data}"
        return f"{what}, {shown} left out"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and the style left out."""
        return (TRAIN, IID, Split(self.left, "style", None, self.left))

    @property
    def chance(self) -> float:
        """One class in as many as there are."""
        return 1.0 / len(np.unique(LABELS[self.labels]))

    @property
    def domains(self) -> tuple[str, ...]:
        """The styles that training shows."""
        return self.sources or tuple(s for s in PACS if s != self.left)

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` digits of a split, each in one of its styles."""
        which, inner = jax.random.split(key)
        drawn = self._drawn(split)
        return self._batch(drawn, repeated(which, len(drawn.images), n), repeated(inner, drawn.images.shape[1], n))

    def draw_domain(self, domain: Any, key: jax.Array, n: int) -> Batch:
        """Draw `n` training digits of one style."""
        drawn = self._drawn(TRAIN)
        return self._batch(drawn, jnp.full(n, domain), repeated(key, drawn.images.shape[1], n))

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Digits in the split's styles."""
        batch, _ = self.asked(split, key, n)
        shown = zip(np.asarray(batch.inputs), np.asarray(batch.targets), strict=True)
        return [Sample(f"{self.name}, {split.name}", str(target), image) for image, target in shown]

    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different digits (all, where there are no more), each in one of the split's styles."""
        chosen, shown = jax.random.split(key)
        drawn = self._drawn(split)
        styles, size = drawn.images.shape[:2]
        row = different(chosen, size, n)
        style = repeated(shown, styles, len(row))
        known = "training" if split.train else "held out"
        names = [self.left] if split.axis == "style" else self.domains
        place = jnp.asarray([list(STYLES).index(name) for name in names])[style]
        return self._batch(drawn, style, row), named(place * 10_000 + row, "styles", self.data, known)

    def _drawn(self, split: Split) -> "Drawn":
        styles = (self.left,) if split.axis == "style" else self.domains
        return drawn(self.data, self.held_out, styles, "training" if split.train else "held out")

    def _batch(self, found: "Drawn", style: jax.Array, row: jax.Array) -> Batch:
        images = jnp.asarray(found.images)[style, row].astype(jnp.float32) / 255.0
        return Batch(images, jnp.asarray(LABELS[self.labels][found.labels])[style, row])


LABELS: dict[str, np.ndarray] = {
    name: np.array(values, np.int32)
    for name, values in {
        "digit": range(10),
        "parity": [0, 1] * 5,
        "size": [0] * 5 + [1] * 5,
        "holes": [1, 0, 0, 0, 0, 0, 1, 0, 2, 1],
        "remainder": [0, 1, 2, 0, 1, 2, 0, 1, 2, 0],
    }.items()
}
"""Of every digit: itself, whether it is odd, whether it is 5 or more, how many holes it has, what dividing it by 3 leaves."""


class Drawn(NamedTuple):
    """Digits in several styles: (styles, n, side, side, 3) uint8, and which they are, (styles, n)."""

    images: np.ndarray
    labels: np.ndarray


@lru_cache(maxsize=16)
def drawn(data: str, held_out: int, styles: tuple[str, ...], side: Literal["training", "held out"]) -> Drawn:
    """Training digits, in every style others, or held-out ones, in every style the same: all there are, in a fixed order."""
    images, labels = handwriting(data)
    rows, held = partition(data, held_out)
    chosen = [
        rows[list(STYLES).index(s) % SHARES :: SHARES][: len(rows) // SHARES] if side == "training" else held
        for s in styles
    ]
    pictures = [
        STYLES[s](ink(images[of], data), words("styles", data, s, side).generator())
        for s, of in zip(styles, chosen, strict=True)
    ]
    levels = np.round(np.clip(np.stack(pictures), 0.0, 1.0) * 255.0).astype(np.uint8)
    return Drawn(levels, np.stack([labels[of] for of in chosen]))


def ink(images: np.ndarray, data: str) -> np.ndarray:
    """(n, h, w) uint8 to (n, side, side) in [0, 1], read between pixels."""
    margin, size = MARGIN[data], SOURCES[data][3] + 2
    inner = np.pad(images, ((0, 0), (1, 1), (1, 1)))[:, margin : size - margin, margin : size - margin] / 255.0
    across = between(size - 2 * margin, SIDE)
    return across @ inner @ across.T


def between(size: int, wanted: int) -> np.ndarray:
    """(wanted, size): the matrix that reads a line of pixels at other places, by straight lines between their centres."""
    at = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    return np.maximum(1.0 - np.abs(at[:, None] - np.arange(size)), 0.0)


# ---- styles: ink (n, side, side) in [0, 1] to pictures (n, side, side, 3) --------------------------------------------


def photo(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """A pale thing in uneven light before a dim, blurred ground."""
    n = len(ink)
    turn, line = rng.uniform(0, 2 * np.pi, (n, 1, 1)), np.linspace(-1, 1, SIDE)
    light = 0.85 + 0.2 * (line[:, None] * np.sin(turn) + line * np.cos(turn))
    thing = hue(rng.random(n), 0.25, 1.0) * light[..., None]
    ground = hue(rng.random(n), 0.3, 1.0) * (0.15 + 0.3 * smooth(rng, n, 4))[..., None]
    return mixed(ground, thing, ink)


def art(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """Strong colours against each other, light on dark or dark on light, laid on in dabs."""
    n = len(ink)
    first = rng.random(n)
    bright = np.where(rng.random(n) < 0.5, 0.95, 0.4)
    ground, thing = hue(first, 0.7, 1.35 - bright), hue(first + rng.uniform(0.3, 0.7, n), 0.7, bright)
    dab = np.repeat(np.repeat(rng.normal(0.0, 1.0, (n, SIDE // 2, SIDE // 2)), 2, 1), 2, 2)
    return mixed(ground, thing, np.clip(ink + 0.1 * dab, 0, 1)) + 0.05 * np.roll(dab, 1, 2)[..., None]


def cartoon(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """A flat figure in a bright colour with a black outline on a pale flat ground."""
    n, figure = len(ink), ink > CUT
    picture = mixed(hue(rng.random(n), 0.2, 1.0), hue(rng.random(n), 0.9, 0.95), figure)
    return picture * (1.0 - 0.95 * outline(figure))[..., None]


def sketch(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """A grey outline, here stronger and there weaker, on white paper."""
    pressure = 0.5 + 0.5 * smooth(rng, len(ink), 4)
    return np.repeat((0.97 - 0.9 * pressure * outline(ink > CUT))[..., None], 3, -1)


def chalk(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """White grains on a dark board."""
    grains = np.clip(ink * rng.uniform(0.3, 1.2, ink.shape), 0, 1)
    return mixed(hue(rng.uniform(0.3, 0.6, len(ink)), 0.5, 0.3), np.full((1, 1, 1, 3), 0.95), grains)


def neon(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """A glowing outline in a bright colour on black."""
    line = outline(ink > CUT) * 1.0
    return mixed(np.full((1, 1, 1, 3), 0.05), hue(rng.random(len(ink)), 0.8, 1.0), line)


def mosaic(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """Tiles of two by two pixels, each of its own brightness, dark on light."""
    n, half = len(ink), SIDE // 2
    tiles = ink.reshape(n, half, 2, half, 2).mean((2, 4))
    shade = np.clip(0.85 - 0.6 * tiles + rng.normal(0.0, 0.1, tiles.shape), 0, 1)
    return hue(rng.random(n), 0.4, 1.0) * np.repeat(np.repeat(shade, 2, 1), 2, 2)[..., None]


def stencil(ink: np.ndarray, rng: Generator) -> np.ndarray:
    """Spray around a figure that stays pale."""
    n = len(ink)
    spray = np.clip(rng.normal(0.85, 0.15, ink.shape), 0, 1) * (ink <= CUT)
    return mixed(hue(rng.random(n), 0.1, 0.95), hue(rng.random(n), 0.6, 0.5), spray)


STYLES: dict[str, Callable[[np.ndarray, Generator], np.ndarray]] = {
    f.__name__: f for f in (photo, art, cartoon, sketch, chalk, neon, mosaic, stencil)
}
PACS = ("photo", "art", "cartoon", "sketch")


def hue(turn: np.ndarray, saturation: float, value: Any) -> np.ndarray:
    """(n, 1, 1, 3) colours of hues (n,), where 0 is red and 1/3 green."""
    wheel = np.clip(np.abs(6.0 * ((turn[:, None] + np.array([0.0, 2.0, 1.0]) / 3.0) % 1.0) - 3.0) - 1.0, 0.0, 1.0)
    return ((1.0 - saturation * (1.0 - wheel)) * np.reshape(value, (-1, 1)))[:, None, None]


def mixed(ground: np.ndarray, thing: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Two colours in shares (n, side, side) of the second."""
    return ground + (thing - ground) * share[..., None]


def smooth(rng: Generator, n: int, knots: int) -> np.ndarray:
    """(n, side, side) random numbers in [0, 1] that change slowly."""
    across = between(knots, SIDE)
    return across @ rng.random((n, knots, knots)) @ across.T


def outline(figure: np.ndarray) -> np.ndarray:
    """The pixels around a figure (n, side, side) that are next to it, along rows or columns."""
    padded = np.pad(figure, ((0, 0), (1, 1), (1, 1)))
    near = padded[:, :-2, 1:-1] | padded[:, 2:, 1:-1] | padded[:, 1:-1, :-2] | padded[:, 1:-1, 2:]
    return near & ~figure
