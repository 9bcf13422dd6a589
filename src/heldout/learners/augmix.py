"""AugMix (Hendrycks et al., 2020): mixtures of augmentation chains, and predictions that must agree across them."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from heldout.learners.augmentation import rotation, warp

POINTWISE, GEOMETRIC = ("autocontrast", "posterise", "solarise"), ("rotate", "shear x", "shear y", "shift x", "shift y")


@dataclass(frozen=True)
class AugMix:
    """The clean images and two views, each the clean image mixed with `width` chains of 1 to `depth` operations.

    Operations, strengths, mixing weights and the divergence (weight 12) are those published, but histogram equalisation, which
    is left out. In a chain the operations on values come first, so that all those on positions are one interpolation. None of
    them is a corruption of ImageNet-C.
    """

    severity: float = 3.0
    width: int = 3
    depth: int = 3
    consistency: float = 12.0  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def name(self) -> str:
        """The name in tables."""
        return "AugMix"

    def __call__(self, key: jax.Array, images: jax.Array) -> jax.Array:
        """(n, h, w) or (n, h, w, c) to three views of the same shape."""
        n, trailing = len(images), (1,) * (images.ndim - 1)
        chains = 2 * self.width
        # One draw for all: each further one would add a third of a second to compiling.
        numbers = jax.random.uniform(key, (chains * (3 * self.depth + 2) + 2, n), minval=1e-7)
        inner, raw, share = jnp.split(numbers, [chains * (3 * self.depth + 1), chains * (3 * self.depth + 2)])
        copies = jnp.tile(images, (chains, *(1,) * (images.ndim - 1)))
        moved = self._chain(inner.reshape(-1, chains * n), copies).reshape(2, self.width, n, *images.shape[1:])
        raw = -jnp.log(raw).reshape(2, self.width, n)  # Dirichlet(1, ..., 1)
        weights = raw / raw.sum(1, keepdims=True)
        share = share.reshape(2, n, *trailing)  # Beta(1, 1)
        weights = weights.reshape(2, self.width, n, *trailing)
        # Added one by one: a sum over an axis would be fused with the interpolation and run ten times as long.
        mixed = sum((weights[:, k] * moved[:, k] for k in range(1, self.width)), weights[:, 0] * moved[:, 0])
        return jnp.concatenate([images[None], (1 - share) * images + share * mixed])

    def _chain(self, numbers: jax.Array, images: jax.Array) -> jax.Array:
        """A chain of its own for every image, from (3 * depth + 1, n) numbers in [0, 1)."""
        n, side, total = len(images), images.shape[1], len(POINTWISE) + len(GEOMETRIC)
        kind, level, sign = numbers[1:].reshape(3, self.depth, n)
        count = 1 + jnp.floor(numbers[0] * self.depth)
        kind, sign = jnp.floor(kind * total), jnp.where(sign < 0.5, -1.0, 1.0)
        level = (0.1 + (self.severity - 0.1) * level) / 10.0
        matrix, offset = jnp.broadcast_to(jnp.eye(2), (n, 2, 2)), jnp.zeros((n, 2))
        for step in range(self.depth):
            done = jnp.where(step < count, kind[step], total)  # `total` is no operation
            images = pointwise(images, done, level[step])
            turn, shift = affine(done - len(POINTWISE), level[step] * sign[step], side)
            matrix, offset = matrix @ turn, offset + jnp.einsum("nij,nj->ni", matrix, shift)
        return warp(images, matrix, offset)


def pointwise(images: jax.Array, kind: jax.Array, level: jax.Array) -> jax.Array:
    """Operation 0, 1 or 2 of `POINTWISE` on each image, none for another number; `level` in [0, 1] by image."""
    axes, shape = tuple(range(1, images.ndim)), (-1, *(1,) * (images.ndim - 1))
    kind, level = kind.reshape(shape), level.reshape(shape)
    low, high = images.min(axes, keepdims=True), images.max(axes, keepdims=True)
    stretched = (images - low) / jnp.maximum(high - low, 1e-6)
    steps = 2.0 ** (4 - jnp.floor(4 * level))
    coarse = jnp.floor(images * 255 / 256 * steps) / steps
    inverted = jnp.where(images < 1 - level, images, 1 - images)
    return jnp.select([kind == 0, kind == 1, kind == 2], [stretched, coarse, inverted], images)


def affine(kind: jax.Array, level: jax.Array, side: int) -> tuple[jax.Array, jax.Array]:
    """The map of operation 0 to 4 of `GEOMETRIC`, the identity for another number; `level` in [-1, 1] by image.

    Rotations reach 30 degrees at level 1, shears 0.3, shifts a third of the side.
    """
    angle = jnp.where(kind == 0, level * jnp.deg2rad(30.0), 0.0)
    shear_x, shear_y = (jnp.where(kind == k, 0.3 * level, 0.0) for k in (1, 2))
    shear = jnp.stack(
        [jnp.stack([jnp.ones_like(level), shear_y], -1), jnp.stack([shear_x, jnp.ones_like(level)], -1)], -2
    )
    shift = jnp.stack([jnp.where(kind == k, level * side / 3, 0.0) for k in (4, 3)], -1)
    return rotation(angle) @ shear, shift
