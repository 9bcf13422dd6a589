"""Functions on the Boolean cube to be learnt: pointer value retrieval, votes, weighted sums."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.boolean import MOST, cube

VOTES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "majority": lambda x: np.sign(x.sum(-1)),
    "parity": lambda x: x.prod(-1),
    "minimum": lambda x: x.min(-1),
    "maximum": lambda x: x.max(-1),
}
"""What is said of some places, (..., k) to (...); a majority of as many +1 as -1 is 0."""


class BooleanFunction(Protocol):
    """A function on a cube, with values between -1 and 1."""

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def places(self) -> int:
        """The number of places."""
        ...

    def values(self) -> np.ndarray:
        """(2^places,) the value at each point, in the order of `boolean.cube`."""
        ...


@dataclass(frozen=True)
class PointerValue:
    """A vote over a window of value places; the first places point to where it begins (Zhang et al., 2021).

    `pointers`: places that spell a number, the highest digit first, -1 being the digit 1; there are 2^pointers value places after
    them, and a window of `window` goes on at the first of these when it passes the last. With 2 pointers and a window of 3, the
    majority of (+1 -1 | +1 -1 -1 +1) is that of the second to fourth, -1; their parity is +1.
    """

    pointers: int = 3
    window: int = 3
    vote: str = "majority"

    def __post_init__(self) -> None:
        _vote(self.vote)
        if self.pointers < 1 or self.places > MOST:
            raise HeldoutError(f"pointers={self.pointers} make {self.places} places: give 1, 2 or 3")
        if not 1 <= self.window <= 1 << self.pointers:
            raise HeldoutError(f"window={self.window} must lie between 1 and the {1 << self.pointers} value places")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"PVR {self.pointers}, {self.vote} of {self.window}"

    @property
    def places(self) -> int:
        """Pointer places and value places."""
        return self.pointers + (1 << self.pointers)

    def values(self) -> np.ndarray:
        """(2^places,) the value at each point."""
        points = cube(self.places)
        digits = points[:, : self.pointers] < 0
        begin = digits @ (1 << np.arange(self.pointers)[::-1])
        window = (begin[:, None] + np.arange(self.window)) % (1 << self.pointers)
        return VOTES[self.vote](np.take_along_axis(points[:, self.pointers :], window, 1))


@dataclass(frozen=True)
class Voted:
    """A vote over the first `voters` of `places` places; the others do not count."""

    places: int
    voters: int
    vote: str = "majority"

    def __post_init__(self) -> None:
        _vote(self.vote)
        if not 1 <= self.voters <= self.places <= MOST:
            raise HeldoutError(f"voters={self.voters} of places={self.places}: give 1 <= voters <= places <= {MOST}")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.vote} of {self.voters} among {self.places}"

    def values(self) -> np.ndarray:
        """(2^places,) the value at each point."""
        return VOTES[self.vote](cube(self.places)[:, : self.voters])


@dataclass(frozen=True)
class Weighted:
    """A weighted sum of the places; absolute weights sum to at most 1."""

    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.weights) <= MOST or not math.fsum(map(abs, self.weights)) <= 1.0 + 1e-9:
            raise HeldoutError(
                f"weights={self.weights} must be up to {MOST}, their absolute values summing to 1 at most"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        return "sum of " + " ".join(f"{w:g}" for w in self.weights)

    @property
    def places(self) -> int:
        """A place per weight."""
        return len(self.weights)

    def values(self) -> np.ndarray:
        """(2^places,) the value at each point."""
        return cube(self.places) @ np.array(self.weights)


def _vote(name: str) -> None:
    if name not in VOTES:
        raise HeldoutError(f"there is no vote {name!r}: there is {', '.join(VOTES)}")
