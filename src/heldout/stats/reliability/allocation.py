"""What to repeat next so that the standard error shrinks most for what it costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.components import Components


class Next(NamedTuple):
    """One more level of a factor: the standard error then, what it costs, and the variance saved for each unit of cost."""

    factor: str
    error: float
    cost: float
    gain: float


def cost(levels: Mapping[str, float], price: Mapping[str, float], answer: float = 1.0) -> float:
    """What a design costs: `price` for each level of a factor (training a seed, writing an item), `answer` for each answer."""
    return answer * float(np.prod(list(levels.values()))) + sum(price.get(f, 0.0) * n for f, n in levels.items())


def gains(
    parts: Components, price: Mapping[str, float], answer: float = 1.0, fixed: Sequence[str] = ()
) -> tuple[Next, ...]:
    """Every factor that can be repeated, the best buy first; those in `fixed` cannot."""
    now, paid = parts.error(fixed=fixed), cost(parts.levels, price, answer)
    found = []
    for factor in (f for f in parts.levels if f not in fixed):
        more = {**parts.levels, factor: parts.levels[factor] + 1}
        then, extra = parts.error(more, fixed), cost(more, price, answer) - paid
        if extra <= 0:
            raise HeldoutError(f"one more {factor} costs nothing: state what an answer or a {factor} costs")
        found.append(Next(factor, then, extra, (now**2 - then**2) / extra))
    return tuple(sorted(found, key=lambda one: -one.gain))


def allocate(
    parts: Components,
    price: Mapping[str, float],
    budget: float,
    answer: float = 1.0,
    fixed: Sequence[str] = (),
) -> dict[str, int]:
    """The levels of each factor, at least one, that make the standard error least within a budget; `fixed` ones stay.

    All factors but one run through whole numbers, every one up to twenty and then in steps of 5% (25% where there are more
    than three factors), and the last takes what is left, each factor being the last once. The error falls with every
    level, so this is the best there is but for the steps.
    """
    base = {f: round(n) if f in fixed else 1 for f, n in parts.levels.items()}
    if cost(base, price, answer) > budget:
        least = cost(base, price, answer)
        raise HeldoutError(f"a budget of {budget:g} does not pay for one level of each factor: that costs {least:g}")
    free = [f for f in base if f not in fixed]
    best, error = base, parts.error(base, fixed)
    for last in free:
        order = [*(f for f in free if f != last), last]
        for tried in _tries(base, order, lambda levels: budget - cost(levels, price, answer), len(free) > 3):
            now = parts.error(tried, fixed)
            if now < error - 1e-15:
                best, error = tried, now
    return best


def _tries(
    base: dict[str, int], free: Sequence[str], left: Callable[[Mapping[str, float]], float], coarse: bool
) -> Iterator[dict[str, int]]:
    """Designs that leave nothing over for the last of the free factors."""
    first, *rest = free
    most = _affordable(base, first, left)
    if not rest:
        yield {**base, first: most}
        return
    n = 1
    while n <= most:
        yield from _tries({**base, first: n}, rest, left, coarse)
        n = max(n + 1, int(n * (1.25 if coarse else 1.05)))


def _affordable(base: dict[str, int], factor: str, left: Callable[[Mapping[str, float]], float]) -> int:
    """The most levels of a factor that the budget pays for, the others staying; costs are linear in it."""
    one = left({**base, factor: 1})
    step = one - left({**base, factor: 2})
    if step <= 0:
        raise HeldoutError(f"more levels of {factor} cost nothing: state what an answer or a {factor} costs")
    return 1 + int(one / step + 1e-9)
