"""Weather: snow, frost, fog and brightness, and spatter for validation.

Two things differ from what was published. Frost is laid on from photographs there and is grown by a procedure here. Flakes
and drops are never smaller than a pixel.
"""

import numpy as np

from heldout.tasks.vision.corruptions.blur import trailed, zoomed
from heldout.tasks.vision.corruptions.kernel import gaussian

Generator = np.random.Generator

SIDE = 224.0
"""The side, in pixels, at which lengths are those published."""


def snow(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Whiten the image and add flakes that fall along one direction per image."""
    loc, scale, zoom, least, radius, sigma, keep = (
        (0.1, 0.3, 3, 0.5, 10, 4, 0.8),
        (0.2, 0.3, 2, 0.5, 12, 4, 0.7),
        (0.55, 0.3, 4, 0.9, 12, 8, 0.7),
        (0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
        (0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
    )[severity - 1]
    unit = images.shape[1] / SIDE
    angles = rng.uniform(np.pi / 4, 3 * np.pi / 4, len(images))
    flakes = trailed(fallen(images, (loc, scale, zoom * unit, least), rng), radius * unit, sigma * unit, angles)
    return snowed(images, flakes, keep)


def fallen(images: np.ndarray, flakes: tuple[float, float, float, float], rng: Generator) -> np.ndarray:
    """A layer of flakes (n, h, w): normal noise of mean and scale, magnified to a size in pixels, cut below a threshold."""
    loc, scale, size, least = flakes
    layer = zoomed(rng.normal(loc, scale, images.shape[:3]), max(size, 1.0))
    return np.where(layer < least, 0.0, np.clip(layer, 0.0, 1.0))


def snowed(images: np.ndarray, layer: np.ndarray, keep: float) -> np.ndarray:
    """The images under a layer of flakes (n, h, w), each used upright and turned by half."""
    pale = np.maximum(images, like(grey(images), images) * 1.5 + 0.5)
    both = layer + layer[:, ::-1, ::-1]
    return np.clip(keep * images + (1 - keep) * pale + like(both, images), 0.0, 1.0)


def frost(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Lay ice over the image; the ice is grown (see `ice`), not photographed."""
    keep, amount = ((1, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75))[severity - 1]
    return np.clip(keep * images + amount * like(ice(images.shape[:3], rng), images), 0.0, 1.0)


def ice(shape: tuple[int, int, int], rng: Generator) -> np.ndarray:
    """Bright needles along a few directions on a grey ground, (n, h, w) in [0, 1]: ridges of waves of many lengths."""
    n, height, width = shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    layer = np.zeros(shape)
    for octave in range(5):
        angle = rng.uniform(0, np.pi, (2, n, 1, 1))
        phase = rng.uniform(0, 2 * np.pi, (2, n, 1, 1))
        across = np.sin(angle[0]) * y + np.cos(angle[0]) * x
        bend = 0.4 * np.sin(2.0 * (np.sin(angle[1]) * y + np.cos(angle[1]) * x) + phase[0])
        ridge = 1.0 - np.abs(np.sin(1.6 * 1.7**octave * (across + bend) + phase[1]))
        layer += ridge**3 * 0.75**octave
    layer = (layer - layer.min((1, 2), keepdims=True)) / np.ptp(layer, axis=(1, 2)).reshape(-1, 1, 1)
    return np.clip(0.25 + 0.75 * layer + rng.normal(0.0, 0.05, shape), 0.0, 1.0)


def fog(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Add a fractal cloud and darken so that the brightest value stays."""
    amount, decay = ((1.5, 2), (2.0, 2), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4))[severity - 1]
    top = images.max(axis=tuple(range(1, images.ndim)), keepdims=True)
    cloud = like(plasma(images.shape[:3], decay, rng), images)
    return np.clip((images + amount * cloud) * top / (top + amount), 0.0, 1.0)


def plasma(shape: tuple[int, int, int], decay: float, rng: Generator) -> np.ndarray:
    """Fractal clouds (n, h, w) in [0, 1] by midpoint displacement on a torus (diamond-square)."""
    n, height, width = shape
    side = 2 ** int(np.ceil(np.log2(max(height, width))))
    field, step, wobble = np.zeros((n, side, side)), side, 1.0
    while step > 1:
        half = step // 2
        corners = field[:, ::step, ::step]
        row = corners + np.roll(corners, -1, 1)
        centres = (row + np.roll(row, -1, 2)) / 4
        field[:, half::step, half::step] = centres + wobble * rng.uniform(-1, 1, centres.shape)
        centres = field[:, half::step, half::step]
        for dy, dx, axis in ((0, half, 2), (half, 0, 1)):
            edge = corners + np.roll(corners, -1, axis) + centres + np.roll(centres, 1, 3 - axis)
            field[:, dy::step, dx::step] = edge / 4 + wobble * rng.uniform(-1, 1, edge.shape)
        step, wobble = half, wobble / decay
    field -= field.min((1, 2), keepdims=True)
    return (field / field.max((1, 2), keepdims=True))[:, :height, :width]


def brightness(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:  # noqa: ARG001
    """Raise the value of hue, saturation and value."""
    return brightened(images, (0.1, 0.2, 0.3, 0.4, 0.5)[severity - 1])


def brightened(images: np.ndarray, amount: float) -> np.ndarray:
    """Images whose value (largest of the three colours) is raised, with hue and saturation as they were."""
    if images.ndim == 3:
        return np.clip(images + amount, 0.0, 1.0)
    value = images.max(-1, keepdims=True)
    raised = np.clip(value + amount, 0.0, 1.0)
    return np.where(value > 0, images * raised / np.where(value > 0, value, 1.0), raised)


def spatter(images: np.ndarray, severity: int, rng: Generator) -> np.ndarray:
    """Splash water (severity 1 to 3, brightens) or mud (4 and 5, darkens) on the lens; a plain version of the published one."""
    loc, scale, sigma, least, amount = (
        (0.65, 0.3, 4, 0.69, 0.6),
        (0.65, 0.3, 3, 0.68, 0.6),
        (0.65, 0.3, 2, 0.68, 0.5),
        (0.65, 0.3, 1, 0.65, 0.8),
        (0.67, 0.4, 1, 0.65, 0.9),
    )[severity - 1]
    pixels = max(sigma * images.shape[1] / SIDE, 0.5)
    liquid = gaussian(rng.normal(loc, scale, images.shape[:3]), pixels)
    drops = like(gaussian((liquid > least).astype(float), 0.5), images) * amount
    return np.clip(images + drops if severity <= 3 else images * (1 - drops), 0.0, 1.0)


def grey(images: np.ndarray) -> np.ndarray:
    """Luminance (ITU-R BT.601) of colour images; grey ones as they are."""
    return images if images.ndim == 3 else images @ np.array([0.299, 0.587, 0.114])


def like(layer: np.ndarray, images: np.ndarray) -> np.ndarray:
    """A layer (n, h, w) with a colour axis where the images have one."""
    return layer if images.ndim == 3 else layer[..., None]
