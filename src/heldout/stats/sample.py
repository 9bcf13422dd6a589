"""Samples of finite numbers, checked once at the door."""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError


def sample(values: Any, name: str = "the sample", least: int = 1) -> np.ndarray:
    """The values as a finite one-dimensional float array of at least `least` numbers; HeldoutError otherwise."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise HeldoutError(f"{name} has shape {array.shape}, and a sample is one row of numbers: pass one dimension")
    finite = np.isfinite(array)
    if not finite.all():
        where = int(np.argmin(finite))
        raise HeldoutError(
            f"{name} holds {int((~finite).sum())} values that are not finite (the first, {array[where]}, at {where}): "
            "leave them out on purpose or put a number in their place"
        )
    if len(array) < least:
        raise HeldoutError(f"{name} has {len(array)} values, and this takes at least {least}: run more")
    return array


def differences(a: Any, b: Any = None, least: int = 1) -> np.ndarray:
    """The paired differences a - b, or `a` itself where there is no `b`; pairs must match in number."""
    first = sample(a, "the first sample" if b is not None else "the sample of differences", least)
    if b is None:
        return first
    second = sample(b, "the second sample", least)
    if len(first) != len(second):
        raise HeldoutError(
            f"{len(first)} values cannot be paired with {len(second)}: join them on their unit, or use an unpaired test"
        )
    return first - second


def fraction(value: float, name: str = "alpha") -> float:
    """A number strictly between 0 and 1; HeldoutError otherwise."""
    if not 0.0 < value < 1.0:
        raise HeldoutError(f"{name} is {value}, and must lie strictly between 0 and 1")
    return float(value)
