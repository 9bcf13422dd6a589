import numpy as np
import pytest

from heldout.stats.ratings.outcomes import probabilities


@pytest.fixture
def battles():
    """Battles of known strengths whose pairs meet at random: first, second, outcome."""

    def make(strength, number, rng, *, ties="half", tie=0.0, order=0.0):
        n = len(strength)
        first = rng.integers(0, n, number)
        second = (first + rng.integers(1, n, number)) % n
        p = probabilities(ties, strength[first] - strength[second] + order, tie)
        u = rng.random(number)
        return first, second, np.where(u < p[0], 1.0, np.where(u < p[0] + p[1], 0.5, 0.0))

    return make
