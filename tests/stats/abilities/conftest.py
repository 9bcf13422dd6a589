"""Simulated responses of which the truth is known."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy import special


class Simulated(NamedTuple):
    """Outcomes (systems, items) and what they were drawn from."""

    outcomes: np.ndarray
    ability: np.ndarray
    slope: np.ndarray
    difficulty: np.ndarray


@pytest.fixture
def simulate():
    """A function that draws responses: two-parameter items, or with slopes of one, or with guesses."""

    def draw(systems, items, seed=0, *, slopes=0.5, guessing=0.0):
        rng = np.random.default_rng(seed)
        ability = rng.normal(size=systems)
        slope, difficulty = np.exp(slopes * rng.normal(size=items)), rng.normal(size=items)
        p = guessing + (1 - guessing) * special.expit(slope * (ability[:, None] - difficulty))
        return Simulated((rng.random(p.shape) < p).astype(float), ability, slope, difficulty)

    return draw
