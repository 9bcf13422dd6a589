"""Limits, ticks and positions along an axis."""

import math
from collections.abc import Iterable, Sequence


def limits(values: Iterable[float], margin: float = 0.06, least: float = 0.0) -> tuple[float, float]:
    """A range that holds every finite value with a margin on both sides."""
    finite = [v for v in values if math.isfinite(v)]
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    pad = max((high - low) * margin, least, 1e-9 * max(abs(low), abs(high), 1.0))
    return low - pad, high + pad


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers within the range, at most so many."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return [low]
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power, 20 * power):
        first = math.ceil(low / step - 1e-9)
        found = [first * step + i * step for i in range(most + 1) if first * step + i * step <= high + 1e-9 * span]
        if len(found) <= most:
            return [round(v, 12) + 0.0 for v in found]
    return [low, high]


def labels(at: Sequence[float]) -> list[str]:
    """The ticks as short as they can be told apart."""
    return [f"{v:g}" if abs(v) < 1e4 else f"{v / 1000:g}k" for v in at]


def positions(levels: Sequence[float]) -> list[float]:
    """Where ascending levels stand, from 0 to their number less one: by value, by logarithm where they span much.

    Evenly where they nearly are, or would come too close to each other to be labelled.
    """
    ordinal = [float(i) for i in range(len(levels))]
    logs = [math.log(v) for v in levels] if levels and levels[0] > 0 else []
    if len(levels) < 3 or _even(levels) or (logs and _even(logs)):
        return ordinal
    scaled = logs if logs and levels[-1] >= 8 * levels[0] else list(levels)
    found = [(len(levels) - 1) * (v - scaled[0]) / (scaled[-1] - scaled[0]) for v in scaled]
    return found if min(b - a for a, b in zip(found, found[1:], strict=False)) > 0.45 else ordinal


def _even(values: Sequence[float]) -> bool:
    steps = [b - a for a, b in zip(values, values[1:], strict=False)]
    return max(steps) <= 1.6 * min(steps)
