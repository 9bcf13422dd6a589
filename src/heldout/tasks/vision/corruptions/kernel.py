"""Kernels whose size is a share of the image, exact below one pixel.

An image is read as its bilinear interpolant. A kernel is a cloud of displacements with weights; each displacement is
spread over its four nearest pixels, so that a disc of a third of a pixel still blurs as much as it should.
"""

import numpy as np
from scipy import ndimage


def stamp(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The (2r + 1, 2r + 1) kernel, summing to 1, of displacements (n, 2) in pixels with weights (n,)."""
    radius = int(np.ceil(np.abs(points).max(initial=0.0)))
    kernel = np.zeros((2 * radius + 3, 2 * radius + 3))
    low = np.floor(points).astype(int)
    part = points - low
    for dy in (0, 1):
        for dx in (0, 1):
            share = np.abs(1 - dy - part[:, 0]) * np.abs(1 - dx - part[:, 1])
            np.add.at(kernel, (low[:, 0] + radius + 1 + dy, low[:, 1] + radius + 1 + dx), weights * share)
    return kernel[1:-1, 1:-1] / kernel.sum()


def disc(radius: float) -> np.ndarray:
    """The kernel of a disc of this many pixels: a lens out of focus."""
    line = np.linspace(-radius, radius, 41)
    y, x = np.meshgrid(line, line, indexing="ij")
    inside = y**2 + x**2 <= radius**2 + 1e-12
    return stamp(np.stack([y[inside], x[inside]], 1), np.ones(inside.sum()))


def streak(radius: float, sigma: float, angle: float) -> np.ndarray:
    """The kernel of half a normal curve, cut at `radius` pixels, trailing along `angle` (radians): motion."""
    along = np.linspace(0.0, radius, 64)
    points = np.stack([along * np.sin(angle), along * np.cos(angle)], 1)
    return stamp(points, np.exp(-(along**2) / (2 * max(sigma, 1e-9) ** 2)))


def filtered(images: np.ndarray, kernel: np.ndarray, mode: str = "reflect") -> np.ndarray:
    """Each image (n, h, w[, 3]) convolved with one kernel; edges as `scipy.ndimage` names them."""
    shape = (1, *kernel.shape) + (1,) * (images.ndim - 3)
    return ndimage.convolve(images, kernel.reshape(shape), mode=mode)  # pyright: ignore[reportArgumentType]


def gaussian(images: np.ndarray, sigma: float, mode: str = "nearest") -> np.ndarray:
    """Each image (n, h, w[, 3]) blurred by a normal curve of `sigma` pixels; edges as `scipy.ndimage` names them.

    Below half a pixel a sampled curve is no blur at all, so the two-sided curve is spread bilinearly there.
    """
    if sigma >= 0.5:
        sigmas = (0, sigma, sigma, 0)[: images.ndim]
        return ndimage.gaussian_filter(images, sigmas, mode=mode)  # pyright: ignore[reportArgumentType]
    along = np.linspace(-4 * sigma, 4 * sigma, 65)
    line = stamp(np.stack([along, 0 * along], 1), np.exp(-(along**2) / (2 * max(sigma, 1e-9) ** 2)))
    column = line[:, line.shape[1] // 2][:, None]
    across = filtered(images, column, mode)
    return filtered(across, column.T, mode)


def sample(images: np.ndarray, y: np.ndarray, x: np.ndarray, mode: str = "reflect") -> np.ndarray:
    """Images (n, h, w[, 3]) read bilinearly at rows `y` and columns `x`, each (n, h', w') or (h', w')."""
    y, x = (np.broadcast_to(a, (len(images), *a.shape[-2:])) for a in (y, x))
    which = np.broadcast_to(np.arange(len(images))[:, None, None], y.shape)
    at = np.stack([which, y, x])
    if images.ndim == 3:
        return ndimage.map_coordinates(images, at, order=1, mode=mode)
    planes = [ndimage.map_coordinates(images[..., c], at, order=1, mode=mode) for c in range(images.shape[3])]
    return np.stack(planes, -1)


def grid(side_y: int, side_x: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every pixel, each (h, w)."""
    y, x = np.meshgrid(np.arange(side_y, dtype=float), np.arange(side_x, dtype=float), indexing="ij")
    return y, x
