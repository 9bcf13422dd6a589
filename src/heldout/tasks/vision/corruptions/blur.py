"""Blur: defocus, glass, motion and zoom blur, and Gaussian blur for validation.

Lengths are the same share of the side for any image: four times the share published for 224 pixels. The strokes of a digit
are that much coarser than what tells ImageNet's objects apart; at the published share no blur but motion raises the error of
even a linear model of digits, and at the published number of pixels (MNIST-C; Mu and Gilmer, 2019) it would be eight times.
Magnifications are as published.
"""

import numpy as np

from heldout.tasks.vision.corruptions.kernel import disc, filtered, gaussian, grid, sample, streak

Generator = np.random.Generator

SIDE = 56.0
"""The side, in pixels, at which lengths are those published."""


def defocus_blur(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Convolve with a disc: a lens out of focus."""
    radius = (3, 4, 6, 8, 10)[severity - 1] * images.shape[1] / SIDE
    return np.clip(filtered(images, disc(radius), "mirror"), 0.0, 1.0)


def glass_blur(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Blur, exchange neighbouring points at random, blur again: frosted glass.

    Published as swaps of whole pixels; here each pixel shows a point displaced at random by as large a share of the image.
    """
    sigma, reach, times = ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2))[severity - 1]
    unit = images.shape[1] / SIDE
    y, x = grid(*images.shape[1:3])
    shown = gaussian(images, sigma * unit)
    for _ in range(times):
        moved = rng.uniform(-reach * unit, reach * unit, (2, *images.shape[:3]))
        shown = sample(shown, y + moved[0], x + moved[1])
    return np.clip(gaussian(shown, sigma * unit), 0.0, 1.0)


def motion_blur(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Trail each image along a direction of its own, within 45 degrees of the horizontal."""
    radius, sigma = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))[severity - 1]
    unit = images.shape[1] / SIDE
    angles = rng.uniform(-np.pi / 4, np.pi / 4, len(images))
    return np.clip(trailed(images, radius * unit, sigma * unit, angles), 0.0, 1.0)


def trailed(images: np.ndarray, radius: float, sigma: float, angles: np.ndarray) -> np.ndarray:
    """Each image convolved with a streak along its own angle (n,)."""
    return np.concatenate(
        [
            filtered(image[None], streak(radius, sigma, angle), "nearest")
            for image, angle in zip(images, angles, strict=True)
        ]
    )


def zoom_blur(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Average the image over rising magnifications: moving towards the object."""
    end, step = ((1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.31, 0.03))[severity - 1]
    factors = np.arange(1.0, end, step)
    return np.clip((images + sum(zoomed(images, f) for f in factors)) / (len(factors) + 1), 0.0, 1.0)


def zoomed(images: np.ndarray, factor: float) -> np.ndarray:
    """Images (n, h, w[, 3]) magnified about their centre, bilinearly."""
    (y, x), (h, w) = grid(*images.shape[1:3]), images.shape[1:3]
    return sample(images, (y - (h - 1) / 2) / factor + (h - 1) / 2, (x - (w - 1) / 2) / factor + (w - 1) / 2)


def gaussian_blur(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Convolve with a normal curve."""
    sigma = (1, 2, 3, 4, 6)[severity - 1] * images.shape[1] / SIDE
    return np.clip(gaussian(images, sigma), 0.0, 1.0)
