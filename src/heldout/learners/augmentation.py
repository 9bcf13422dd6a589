"""What may be done to the images of a training batch: specs, none of them a corruption that robustness is tested with."""

from dataclasses import dataclass
from typing import Any, Protocol

import jax
import jax.numpy as jnp


class Augmentation(Protocol):
    """A frozen spec of a random transformation of images in [0, 1].

    `consistency`: weight of the divergence between the predictions for the views; 0 where there is one view.
    """

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def consistency(self) -> float:
        """The weight of the divergence between views in the loss."""
        ...

    def __call__(self, key: Any, images: Any) -> Any:
        """(n, h, w) or (n, h, w, c) to (views, n, h, w) or (views, n, h, w, c); the first view bears the loss."""
        ...


@dataclass(frozen=True)
class Shift:
    """Random translations by up to `share` of the side and rotations by up to `degrees`, one per image."""

    share: float = 0.1
    degrees: float = 10.0

    @property
    def name(self) -> str:
        """The name in tables."""
        return "shifts"

    @property
    def consistency(self) -> float:
        """One view only."""
        return 0.0

    def __call__(self, key: jax.Array, images: jax.Array) -> jax.Array:
        """One view."""
        n, side = len(images), images.shape[1]
        draws = jax.random.uniform(key, (3, n), minval=-1.0, maxval=1.0)
        angle = draws[0] * jnp.deg2rad(self.degrees)
        offset = jnp.stack([draws[1], draws[2]], -1) * self.share * side
        return warp(images, rotation(angle), offset)[None]


def rotation(angle: jax.Array) -> jax.Array:
    """(n,) radians to (n, 2, 2) matrices."""
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    return jnp.stack([jnp.stack([cos, -sin], -1), jnp.stack([sin, cos], -1)], -2)


def warp(images: jax.Array, matrix: jax.Array, offset: jax.Array) -> jax.Array:
    """Images (n, h, w, ...) whose pixel p shows, bilinearly, what was at matrix @ p + offset from the centre; 0 outside.

    `matrix`: (n, 2, 2). `offset`: (n, 2) in pixels.
    """
    n, height, width = images.shape[:3]
    centre = jnp.array([(height - 1) / 2, (width - 1) / 2])
    grid = jnp.stack(jnp.meshgrid(jnp.arange(height), jnp.arange(width), indexing="ij"), -1).reshape(-1, 2) - centre
    at = jnp.einsum("nij,pj->npi", matrix, grid) + (offset + centre)[:, None]
    # One pixel of zeros around the image stands for everything outside.
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1)) + ((0, 0),) * (images.ndim - 3))
    at = jnp.clip(at + 1.0, 0.0, jnp.array([height + 1.0, width + 1.0]) - 1e-4)
    low = jnp.floor(at)
    (fy, fx), corner = jnp.moveaxis(at - low, -1, 0), low.astype(jnp.int32)
    flat = padded.reshape(n, (height + 2) * (width + 2), *images.shape[3:])
    base = corner[..., 0] * (width + 2) + corner[..., 1]

    def pick(step: int, weight: jax.Array) -> jax.Array:
        found = jax.vmap(lambda image, index: image[index])(flat, base + step)
        return found * weight.reshape(*weight.shape, *(1,) * (found.ndim - weight.ndim))

    total = pick(0, (1 - fy) * (1 - fx)) + pick(1, (1 - fy) * fx)
    total += pick(width + 2, fy * (1 - fx)) + pick(width + 3, fy * fx)
    return total.reshape(images.shape)
