"""When a sequential test looks at its data, and how much of its level it has spent by then."""

from collections.abc import Sequence

from heldout.core.errors import HeldoutError


def schedule(cap: int) -> tuple[int, ...]:
    """The looks 4, 6, 8, 12, 16, 24, 32, 48, 64 ... cut at the cap, which is the last."""
    _positive(cap)
    found, n = [], 4
    while n < cap:
        found += [n] if n + n // 2 >= cap else [n, n + n // 2]
        n *= 2
    return (*found, cap)


def doubling(cap: int, first: int = 50) -> tuple[int, ...]:
    """The looks `first`, twice that, four times that ... cut at the cap: items come in blocks."""
    _positive(cap)
    found = []
    while first < cap:
        found.append(first)
        first *= 2
    return (*found, cap)


def spent(level: float, looks: int) -> tuple[float, ...]:
    """The cumulative level at each of `looks` looks, spent linearly: level * k / looks."""
    return tuple(level * k / looks for k in range(1, looks + 1))


def check(looks: Sequence[int], available: int | None = None) -> tuple[int, ...]:
    """The looks, if they are positive and ascending; those with at most `available` units."""
    if not looks or any(b <= a for a, b in zip((0, *looks), looks, strict=False)):
        raise HeldoutError(f"looks must be positive and ascending, such as 4, 6, 8: got {', '.join(map(str, looks))}")
    return tuple(n for n in looks if available is None or n <= available)


def _positive(cap: int) -> None:
    if cap < 1:
        raise HeldoutError(f"a schedule of looks needs a cap of at least 1 unit, and got {cap}")
