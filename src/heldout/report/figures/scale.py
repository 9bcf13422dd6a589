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
    return [f"{v:.3g}" if abs(v) < 1e4 else f"{v / 1000:g}k" for v in at]


def positions(levels: Sequence[float]) -> list[float]:
    """Where levels stand: evenly where they are (nearly) even in themselves or their logarithm, else by value."""
    if len(levels) < 3:
        return [float(i) for i in range(len(levels))]
    if min(levels) > 0 and _even([math.log(v) for v in levels]):
        return [float(i) for i in range(len(levels))]
    span = levels[-1] - levels[0]
    return (
        [(len(levels) - 1) * (v - levels[0]) / span for v in levels] if span else [float(i) for i in range(len(levels))]
    )


def _even(values: Sequence[float]) -> bool:
    steps = [b - a for a, b in zip(values, values[1:], strict=False)]
    return max(steps) <= 1.6 * min(steps)
