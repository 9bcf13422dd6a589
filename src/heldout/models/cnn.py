"""A small convolutional network.

XLA on a CPU runs a convolution inside a loop some thirty times slower than the matrix product that it amounts to, so
convolutions are written as one. Channels come first and the batch last: then the slices that make up the product are
contiguous, and it runs six times as fast as with channels last.
"""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.models.dense import Dense, weights


class Convolution(eqx.Module):
    """A 3x3 convolution with zero padding; the image shrinks by `stride`."""

    kernel: jax.Array
    bias: jax.Array
    stride: int = eqx.field(static=True)

    def __init__(self, kernel: jax.Array, stride: int) -> None:
        self.kernel, self.bias, self.stride = kernel, jnp.zeros(len(kernel)), stride

    def __call__(self, images: jax.Array) -> jax.Array:
        """(channels, h, w, n) to (outputs, ceil(h / stride), ceil(w / stride), n)."""
        near = patches(images, self.stride)
        product = self.kernel @ near.reshape(self.kernel.shape[1], -1) + self.bias[:, None]
        return product.reshape(-1, *near.shape[2:])


def patches(images: jax.Array, stride: int) -> jax.Array:
    """The 3x3 surroundings of every `stride`-th pixel, zero outside: (channels, h, w, n) to (9, channels, h', w', n)."""
    _, height, width, _ = images.shape
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return jnp.stack([padded[:, y : y + height : stride, x : x + width : stride] for y in range(3) for x in range(3)])


class Convolutional(eqx.Module):
    """Convolutions with rectifiers, then one dense layer on all that is left."""

    convolutions: tuple[Convolution, ...]
    head: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, h, w) or (n, h, w, channels) to (n, outputs)."""
        hidden = inputs.transpose(1, 2, 0)[None] if inputs.ndim == 3 else inputs.transpose(3, 1, 2, 0)
        for convolution in self.convolutions:
            hidden = jax.nn.relu(convolution(hidden))
        return self.head(hidden.reshape(-1, len(inputs)).T)


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
        for stride in self.strides:
            height, width = math.ceil(height / stride), math.ceil(width / stride)
        before = (channels, *self.channels[:-1])
        shapes = [(9 * a, b) for a, b in zip(before, self.channels, strict=True)]
        *kernels, head = weights(key, [*shapes, (height * width * self.channels[-1], outputs)])
        convolutions = (Convolution(k.T, stride) for k, stride in zip(kernels, self.strides, strict=True))
        return Convolutional(tuple(convolutions), Dense(head))
