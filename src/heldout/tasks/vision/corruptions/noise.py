"""Noise: Gaussian, shot and impulse noise, and speckle noise for validation.

Noise is drawn pixel by pixel, so that strengths are those of ImageNet-C whatever the size of the image.
"""

import numpy as np

Generator = np.random.Generator


def gaussian_noise(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Add normal noise: low light."""
    scale = (0.08, 0.12, 0.18, 0.26, 0.38)[severity - 1]
    return np.clip(images + rng.normal(0.0, scale, images.shape), 0.0, 1.0)


def shot_noise(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Count photons: Poisson noise with fewer photons per pixel at higher severity."""
    photons = (60, 25, 12, 5, 3)[severity - 1]
    return np.clip(rng.poisson(images * photons) / photons, 0.0, 1.0)


def impulse_noise(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Set a share of the values to black or white, as likely one as the other: bit errors."""
    share = (0.03, 0.06, 0.09, 0.17, 0.27)[severity - 1]
    hit, white = rng.random(images.shape) < share, rng.random(images.shape) < 0.5
    return np.where(hit, white, images)


def speckle_noise(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Add normal noise in proportion to the value."""
    scale = (0.15, 0.2, 0.35, 0.45, 0.6)[severity - 1]
    return np.clip(images * (1.0 + rng.normal(0.0, scale, images.shape)), 0.0, 1.0)
