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
    n, height, width, *trailing = images.shape
    middle = (height - 1) / 2, (width - 1) / 2
    across, along = (jnp.arange(height) - middle[0])[:, None], (jnp.arange(width) - middle[1])[None]
    turn, shift = matrix[..., None, None], offset[..., None, None]
    # One pixel of zeros around the image stands for everything outside.
    y = turn[:, 0, 0] * across + turn[:, 0, 1] * along + shift[:, 0] + middle[0] + 1
    x = turn[:, 1, 0] * across + turn[:, 1, 1] * along + shift[:, 1] + middle[1] + 1
    y, x = jnp.clip(y, 0, height + 1 - 1e-4), jnp.clip(x, 0, width + 1 - 1e-4)
    row, column = y.astype(jnp.int32), x.astype(jnp.int32)
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1)) + ((0, 0),) * len(trailing)).reshape(-1, *trailing)
    first = jnp.arange(n)[:, None, None] * ((height + 2) * (width + 2)) + row * (width + 2) + column
    down, right = (v.reshape(*v.shape, *(1,) * len(trailing)) for v in (y - row, x - column))
    # Without the barrier XLA works all of this out again for each of the four neighbours.
    padded, first, down, right = jax.lax.optimization_barrier((padded, first, down, right))
    a, b, c, d = (padded.at[first + k].get(mode="promise_in_bounds") for k in (0, 1, width + 2, width + 3))
    above, below = a + (b - a) * right, c + (d - c) * right
    return above + (below - above) * down
