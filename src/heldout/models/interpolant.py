"""The two-layer network of Zhang et al. (2017, theorem 1) that fits any n labels with 2n + d weights."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError


@dataclass(frozen=True, eq=False)
class Interpolant:
    """x -> sum over j of outer[j] * max(direction . x - offsets[j], 0)."""

    direction: np.ndarray
    offsets: np.ndarray
    outer: np.ndarray

    @property
    def weights(self) -> int:
        """How many numbers it has."""
        return len(self.direction) + len(self.offsets) + len(self.outer)

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(m, d) to (m,)."""
        return np.maximum(inputs @ self.direction[:, None] - self.offsets, 0.0) @ self.outer


def interpolant(inputs: np.ndarray, targets: np.ndarray, rng: np.random.Generator) -> Interpolant:
    """The network that takes (n, d) inputs, all different, to (n,) targets exactly.

    Along a random direction the inputs lie apart almost surely; with one hinge before each, what the hinges give is a
    triangular matrix with a positive diagonal, which has a solution for any targets.
    """
    direction = rng.normal(size=inputs.shape[1])
    along = inputs @ direction
    order = np.argsort(along)
    steps = np.diff(along[order])
    if (steps <= 0).any():
        raise HeldoutError("two of the inputs are equal: no function takes one input to two targets")
    offsets = np.concatenate([[along[order[0]] - 1.0], along[order[:-1]] + steps / 2])
    hinges = np.maximum(along[order][:, None] - offsets, 0.0)
    from scipy.linalg import solve_triangular

    outer = solve_triangular(hinges, np.asarray(targets, float)[order], lower=True)
    return Interpolant(direction, offsets, outer)
