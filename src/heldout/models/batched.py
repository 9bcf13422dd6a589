"""A function of arrays that is asked in parts of a size that it can take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError

FIRST = 256
"""Instances that are asked together at first."""


@dataclass
class Batched:
    """`function` asked `size` instances at a time. Where it fails, half as many are tried, down to one; what works is kept.

    So a model that needs too much memory, or takes one instance only, answers all the same. Where one instance alone fails too,
    the first error is raised.
    """

    function: Callable[[np.ndarray], Any]
    size: int = FIRST

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, ...) inputs to what the function makes of them, part after part."""
        parts, start = [], 0
        while start < len(inputs):
            parts.append(self._asked(inputs[start : start + self.size]))
            start += len(parts[-1])
        return np.concatenate(parts) if parts else np.asarray(self.function(inputs))

    def _asked(self, some: np.ndarray) -> np.ndarray:
        """The answers to as many of the first of `some` as can be asked together."""
        first: Exception | None = None
        while True:
            try:
                given = np.asarray(self.function(some))
            except Exception as error:  # noqa: BLE001, whatever a user's function may raise; raised again below
                first = first or error
                if len(some) <= 1:
                    raise first from None
                some = some[: len(some) // 2]
                self.size = len(some)
                continue
            if given.ndim == 0 or len(given) != len(some):
                raise HeldoutError(
                    f"the model answered {len(some)} inputs with an array of shape {given.shape}: it must give one row per input"
                )
            return given
