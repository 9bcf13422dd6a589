"""Functions on the Boolean cube as arrays of their values: Walsh-Fourier expansion, influence, noise stability, degrees.

Point `i` of the cube has +1 at place `j` where bit `j` of `i` is 0, and -1 where it is 1. Coefficient `s` belongs to the product of
the places whose bits are set in `s` (O'Donnell, "Analysis of Boolean Functions", 2014, chapters 1 and 2).
"""

import numpy as np

from heldout.core.errors import HeldoutError

MOST = 16
"""The number of places up to which a cube is laid out in full."""


def cube(n: int) -> np.ndarray:
    """(2^n, n) all points, +1 and -1. HeldoutError beyond 16 places."""
    if not 1 <= n <= MOST:
        raise HeldoutError(f"a cube of {n} places cannot be laid out: give from 1 to {MOST}")
    return 1.0 - 2.0 * (np.arange(1 << n)[:, None] >> np.arange(n) & 1)


def walsh(values: np.ndarray) -> np.ndarray:
    """(2^n,) values to (2^n,) coefficients of all products, by the fast transform in n rounds of sums and differences."""
    n = places(values)
    found = np.array(values, float).reshape((2,) * n)
    for axis in range(n):
        up, down = np.take(found, 0, axis), np.take(found, 1, axis)
        found = np.stack([up + down, up - down], axis) / 2.0
    return found.ravel()


def degrees(n: int) -> np.ndarray:
    """(2^n,) how many places each product has."""
    return (np.arange(1 << n)[:, None] >> np.arange(n) & 1).sum(1)


def influence(values: np.ndarray) -> np.ndarray:
    """(n,) for each place, the squared coefficients of all products that have it.

    For values of +1 and -1 that is the chance that the value changes with the place.
    """
    squares = walsh(values) ** 2
    return (np.arange(len(squares))[:, None] >> np.arange(places(values)) & 1).T @ squares


def stability(values: np.ndarray, correlation: float) -> float:
    """The mean product of the values at two points whose places agree with chance (1 + correlation) / 2 each."""
    return float((walsh(values) ** 2 * correlation ** degrees(places(values))).sum())


def profile(values: np.ndarray) -> np.ndarray:
    """(n + 1,) the squared coefficients summed by degree."""
    return np.bincount(degrees(places(values)), walsh(values) ** 2)


def frozen(values: np.ndarray, place: int) -> np.ndarray:
    """(2^n,) the function that knows the values where a place is +1 only, and gives them whatever the place is.

    Half the mean squared difference from `values` is the influence of the place.
    """
    return values[np.arange(len(values)) & ~(1 << place)]


def places(values: np.ndarray) -> int:
    """The number of places of the cube on which these are values. HeldoutError where their number is no power of 2."""
    n = len(values).bit_length() - 1
    if values.ndim != 1 or len(values) != 1 << n or n < 1:
        raise HeldoutError(f"values of shape {values.shape} are no function on a cube: give 2, 4, 8, 16 ... numbers")
    return n
