"""Perturbation sequences for stability (Hendrycks and Dietterich, 2019): a little more of something from frame to frame.

Steps are those published for images of 32 pixels, lengths as shares of the side. Each function yields (n, frames, h, w[, 3])
from images (n, h, w[, 3]) in [0, 1].
"""

import numpy as np

from heldout.tasks.vision.corruptions import weather
from heldout.tasks.vision.corruptions.blur import trailed
from heldout.tasks.vision.corruptions.kernel import grid, sample

Generator = np.random.Generator

SIDE = 32.0


def gaussian_noise(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:
    """The image, then fresh normal noise on it in every frame."""
    noise = rng.normal(0.0, 0.04, (len(images), frames - 1, *images.shape[1:]))
    return _after(images, images[:, None] + noise)


def shot_noise(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:
    """The image, then fresh Poisson noise on it in every frame."""
    photons = 200.0
    means = np.broadcast_to(images[:, None] * photons, (len(images), frames - 1, *images.shape[1:]))
    return _after(images, rng.poisson(means) / photons)


def motion_blur(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """A trail whose direction turns by 9 degrees a frame."""
    unit = images.shape[1] / SIDE
    turns = np.deg2rad(9.0 * (np.arange(frames) - frames + 1))
    return np.stack([trailed(images, 6 * unit, 1.8 * unit, np.full(len(images), t)) for t in turns], 1)


def zoom_blur(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """The running mean of magnifications that rise by 0.4% a frame."""
    zooms = _moved(images, [np.eye(2) / (1 + 0.004 * i) for i in range(frames)])
    counts = np.arange(1, frames + 1).reshape(1, -1, *(1,) * (images.ndim - 1))
    return np.cumsum(zooms, 1) / counts


def snow(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:
    """Flakes whose direction of fall turns by 4 degrees a frame."""
    unit = images.shape[1] / SIDE
    layer = weather.fallen(images, (0.05, 0.3, 2 * unit, 0.5), rng)
    turns = np.deg2rad(4.0 * np.arange(frames) + 30.0)
    fallen = [trailed(layer, 10 * unit, 2 * unit, np.full(len(images), t)) for t in turns]
    return np.stack([weather.snowed(images, flakes, 0.85) for flakes in fallen], 1)


def brightness(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """1.5% brighter in every frame, from darker to brighter than the image."""
    return np.stack([weather.brightened(images, 0.015 * i) for i in _around(frames)], 1)


def translate(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """One 32nd of the side to the right in every frame."""
    unit = images.shape[1] / SIDE
    return _moved(images, [np.eye(2)] * frames, [np.array([0.0, -unit * i]) for i in _around(frames)])


def rotate(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """One degree a frame."""
    return _moved(images, [_rotation(np.deg2rad(i)) for i in _around(frames)])


def tilt(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """The image plane turned about both of its axes by 0.75 degrees a frame, seen in perspective."""
    height, width = images.shape[1:3]
    y, x = (g - (s - 1) / 2 for g, s in zip(grid(height, width), (height, width), strict=True))
    distance, shown = np.hypot(height, width), []
    for i in _around(frames):
        turn = _turned(np.deg2rad(0.75 * i))
        # The homography of the plane z = 0 turned by `turn` and seen from `distance`; the image is read through its inverse.
        forward = np.stack([distance * turn[0, :2], distance * turn[1, :2], turn[2, :2]])
        forward = np.concatenate([forward, [[0.0], [0.0], [distance]]], 1)
        u, v, w = np.einsum("ij,jhw->ihw", np.linalg.inv(forward), np.stack([x, y, np.ones_like(x)]))
        shown.append(sample(images, v / w + (height - 1) / 2, u / w + (width - 1) / 2, "constant"))
    return np.stack(shown, 1)


def scale(images: np.ndarray, frames: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """2% larger in every frame, about the size of the image."""
    return _moved(images, [np.eye(2) / (1 + 0.02 * i) for i in _around(frames)])


def _after(images: np.ndarray, frames: np.ndarray) -> np.ndarray:
    return np.clip(np.concatenate([images[:, None], frames], 1), 0.0, 1.0)


def _around(frames: int) -> np.ndarray:
    return np.arange(frames) - frames // 2


def _rotation(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _turned(angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    about_x = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    about_y = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    return about_x @ about_y


def _moved(images: np.ndarray, matrices: list[np.ndarray], offsets: list[np.ndarray] | None = None) -> np.ndarray:
    """One frame per matrix: pixel p shows what was at matrix @ p + offset, from the centre; black outside."""
    height, width = images.shape[1:3]
    y, x = grid(height, width)
    y, x = y - (height - 1) / 2, x - (width - 1) / 2
    shown = []
    for matrix, (dy, dx) in zip(matrices, offsets or [np.zeros(2)] * len(matrices), strict=True):
        rows = matrix[0, 0] * y + matrix[0, 1] * x + dy + (height - 1) / 2
        columns = matrix[1, 0] * y + matrix[1, 1] * x + dx + (width - 1) / 2
        shown.append(sample(images, rows, columns, "constant"))
    return np.stack(shown, 1)
