"""Numbers as text: one way of rounding for every report."""

import math

ABSENT = "–"


def places(*values: float) -> int:
    """How many decimals the values need together: three up to 1, as for scores; else three digits of the largest, one for hundreds."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest == 0 or 0.01 <= largest <= 1:
        return 3
    return min(max(2 - math.floor(math.log10(largest)), int(largest < 1000)), 9)


def number(value: float, decimals: int | None = None) -> str:
    """The value with so many decimals; `–` for nan."""
    if math.isnan(value):
        return ABSENT
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) >= 1e7:
        return f"{value:.3g}"
    text = f"{value:.{places(value) if decimals is None else decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def interval(low: float, high: float, decimals: int | None = None) -> str:
    """Both ends in brackets; empty where neither is known."""
    if math.isnan(low) and math.isnan(high):
        return ""
    if decimals is None:
        decimals = places(low, high)
    return f"[{number(low, decimals)}, {number(high, decimals)}]"


def p_value(value: float) -> str:
    """Such as `0.034`, `< 0.001`."""
    return "< 0.001" if value < 0.001 else number(value, 3)


def counted(n: int, noun: str) -> str:
    """Such as `1 seed`, `12 seeds`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def duration(seconds: float) -> str:
    """Such as `0.42 s`, `38 s`, `7 min 5 s`, `2 h 10 min`."""
    if not math.isfinite(seconds):
        return ABSENT
    if seconds < 10:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
