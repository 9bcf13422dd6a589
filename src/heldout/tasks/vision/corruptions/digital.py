"""Digital: contrast, elastic transform, pixelation and JPEG compression, and saturation for validation."""

from io import BytesIO

import numpy as np

from heldout.tasks.vision.corruptions.kernel import gaussian, grid, sample

Generator = np.random.Generator


def contrast(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Draw the values towards each image's mean."""
    share = (0.4, 0.3, 0.2, 0.1, 0.05)[severity - 1]
    means = images.mean((1, 2), keepdims=True)
    return np.clip((images - means) * share + means, 0.0, 1.0)


def elastic_transform(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Stretch by a random affine map, then displace by a smooth random field.

    The shares are those published for images of 32 pixels: at 224 the finer fields move less than a pixel of ours. From
    level to level the field grows and the affine part shrinks, as published.
    """
    amount, smooth, jitter = (
        (0, 0, 0.08),
        (0.05, 0.2, 0.07),
        (0.08, 0.06, 0.06),
        (0.1, 0.04, 0.05),
        (0.1, 0.03, 0.03),
    )[severity - 1]
    side, (y, x) = images.shape[1], grid(*images.shape[1:3])
    matrices = affine(len(images), images.shape[1:3], jitter * side, rng)
    ones = np.stack([y, x, np.ones_like(y)])
    moved = np.einsum("nij,jhw->nihw", matrices, ones)
    images = sample(images, moved[:, 0], moved[:, 1], "mirror")
    if amount:
        dy, dx = amount * side * field(images.shape[:3], smooth * side, rng)
        images = sample(images, y + dy, x + dx)
    return np.clip(images, 0.0, 1.0)


def affine(n: int, shape: tuple[int, ...], jitter: float, rng: Generator) -> np.ndarray:
    """(n, 2, 3) maps that move three corners of the central square by up to `jitter` pixels each."""
    centre, reach = np.array(shape[:2]) // 2, min(shape[:2]) // 3
    corners = centre + reach * np.array([[1, 1], [1, -1], [-1, -1]])
    after = corners + rng.uniform(-jitter, jitter, (n, 3, 2))
    return np.linalg.solve(np.concatenate([after, np.ones((n, 3, 1))], 2), corners[None].astype(float)).transpose(
        0, 2, 1
    )


def field(shape: tuple[int, int, int], sigma: float, rng: Generator) -> np.ndarray:
    """Two smooth random fields (2, n, h, w): uniform noise in [-1, 1] blurred by `sigma` pixels."""
    noise = rng.uniform(-1, 1, (2 * shape[0], *shape[1:]))
    return gaussian(noise, sigma, "reflect").reshape(2, *shape)


def pixelate(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Average over coarser cells; the number of cells along a side need not be whole, so no two levels coincide."""
    share = (0.6, 0.5, 0.4, 0.3, 0.25)[severity - 1]
    rows, columns = coarse(images.shape[1], share), coarse(images.shape[2], share)
    return np.clip(np.einsum("ij,njk...,lk->nil...", rows, images, columns, optimize=True), 0.0, 1.0)


def coarse(side: int, share: float) -> np.ndarray:
    """(side, side): average onto cells of 1 / share pixels, then back; exact where cells and pixels overlap in part."""
    edges = np.minimum(np.arange(int(np.ceil(side * share)) + 1) / share, side)
    pixels = np.arange(side)
    overlap = np.clip(np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels), 0.0, None)
    down = overlap / overlap.sum(1, keepdims=True)
    return (overlap / overlap.sum(0)).T @ down


def jpeg_compression(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Write and read each image as JPEG; its blocks are eight pixels wide whatever the size of the image."""
    from PIL import Image

    quality = (25, 18, 15, 10, 7)[severity - 1]
    read = []
    for image in np.round(images * 255).astype(np.uint8):
        buffer = BytesIO()
        Image.fromarray(image).save(buffer, "JPEG", quality=quality)
        read.append(np.asarray(Image.open(buffer)))
    return np.stack(read) / 255.0


def saturate(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Change the saturation of hue, saturation and value; grey images have none and stay."""
    if images.ndim == 3:
        return images
    factor, extra = ((0.3, 0.0), (0.1, 0.0), (2.0, 0.0), (5.0, 0.1), (20.0, 0.2))[severity - 1]
    value = images.max(-1, keepdims=True)
    spread = value - images.min(-1, keepdims=True)
    old = spread / np.where(value > 0, value, 1.0)
    new = np.clip(old * factor + extra, 0.0, 1.0)
    # Grey pixels have no hue; those published get red, the hue that zero stands for.
    red = np.concatenate([value, value * (1 - new), value * (1 - new)], -1)
    ratio = new / np.where(old > 0, old, 1.0)
    return np.clip(np.where(spread > 0, value - (value - images) * ratio, red), 0.0, 1.0)
