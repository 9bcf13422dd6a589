"""A small convolutional network.

XLA on a CPU runs a convolution inside a loop some thirty times slower than the matrix product that it amounts to, so
convolutions are written as one: strided slices side by side, times the kernel.
"""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import Dense


class Convolution(eqx.Module):
    """A 3x3 convolution with zero padding; the image shrinks by `stride`."""

    kernel: Dense
    stride: int = eqx.field(static=True)

    def __init__(self, key: jax.Array, channels: int, outputs: int, stride: int) -> None:
        self.kernel = Dense(key, 9 * channels, outputs)
        self.stride = stride

    def __call__(self, images: jax.Array) -> jax.Array:
        """(n, h, w, channels) to (n, ceil(h / stride), ceil(w / stride), outputs)."""
        return self.kernel(patches(images, self.stride))


def patches(images: jax.Array, stride: int) -> jax.Array:
    """The 3x3 surroundings of every `stride`-th pixel, zero outside: (n, h', w', 9 * channels)."""
    _, height, width, _ = images.shape
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = [padded[:, y : y + height : stride] for y in range(3)]
    return jnp.concatenate([row[:, :, x : x + width : stride] for row in rows for x in range(3)], axis=-1)


class Convolutional(eqx.Module):
    """Convolutions with rectifiers, then one dense layer on all that is left."""

    convolutions: tuple[Convolution, ...]
    head: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, h, w) or (n, h, w, channels) to (n, outputs)."""
        hidden = inputs[..., None] if inputs.ndim == 3 else inputs
        for convolution in self.convolutions:
            hidden = jax.nn.relu(convolution(hidden))
        return self.head(hidden.reshape(len(hidden), -1))


@dataclass(frozen=True)
class CNN:
    """3x3 convolutions with these channels and strides, then a dense layer."""

    channels: tuple[int, ...] = (8, 16, 16)
    strides: tuple[int, ...] = (1, 2, 2)

    @property
    def name(self) -> str:
        """The name in tables."""
        return "CNN " + "-".join(str(c) for c in self.channels)

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Convolutional:
        """An untrained model for images (h, w) or (h, w, channels)."""
        height, width, channels = (*inputs, 1)[:3]
        keys, convolutions = jax.random.split(key, len(self.channels) + 1), []
        for one, after, stride in zip(keys[:-1], self.channels, self.strides, strict=True):
            convolutions.append(Convolution(one, channels, after, stride))
            height, width, channels = math.ceil(height / stride), math.ceil(width / stride), after
        return Convolutional(tuple(convolutions), Dense(keys[-1], height * width * channels, outputs))
