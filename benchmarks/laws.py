"""The laws that the operating characteristics are simulated under."""

from collections.abc import Callable

import numpy as np

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
"""A generator and a (simulations, units) size to outcomes of that shape."""


def bimodal(g: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    return (g.choice([-1.0, 1.0], size) + 0.2 * g.standard_normal(size)) / np.sqrt(1.04)


def lognormal(g: np.random.Generator, size: tuple[int, int], sigma: float = 1.0) -> np.ndarray:
    square = np.exp(sigma**2)
    return (g.lognormal(0.0, sigma, size) - np.sqrt(square)) / np.sqrt(square * (square - 1))


LAWS: dict[str, Draw] = {
    "normal": lambda g, size: g.standard_normal(size),
    "uniform": lambda g, size: g.uniform(-np.sqrt(3), np.sqrt(3), size),
    "bimodal": bimodal,
    "log-normal": lognormal,
    "t3": lambda g, size: g.standard_t(3, size) / np.sqrt(3),
}
"""Mean 0 and standard deviation 1."""


def bernoulli(p: float) -> Draw:
    return lambda g, size: (g.random(size) < p).astype(float)


def beta(mean: float, strength: float) -> Draw:
    return lambda g, size: g.beta(mean * strength, (1 - mean) * strength, size)


def two_humps(mean: float) -> Draw:
    """Runs that either solve the task (0.9 to 1) or do not (0.4 to 0.6)."""
    solved = (mean - 0.5) / 0.45

    def draw(g: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
        return np.where(g.random(size) < solved, g.uniform(0.9, 1.0, size), g.uniform(0.4, 0.6, size))

    return draw


def shifted(draw: Draw, shift: float) -> Draw:
    return lambda g, size: draw(g, size) + shift
