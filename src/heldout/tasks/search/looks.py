"""A search under way: what a finder may ask, and how often."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from heldout.core import HeldoutError
from heldout.core.seeds import Words

Config = tuple[int, ...]


@dataclass(eq=False)
class Search:
    """`ask` gives the loss of a configuration, at most `queries` times.

    `sizes`: how many values each coordinate has; a configuration is an index of each. `asked`, `losses`: what came so far.
    """

    sizes: tuple[int, ...]
    queries: int
    loss: Callable[[Config], float]
    asked: list[Config] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def ask(self, config: Config) -> float:
        """Its loss; HeldoutError once the queries are used up."""
        if len(self.asked) >= self.queries:
            raise HeldoutError(f"{self.queries} queries are used up")
        loss = float(self.loss(config))
        self.asked.append(tuple(int(i) for i in config))
        self.losses.append(loss)
        return loss


Finder = Callable[[Search, Words], None]
"""Asks as often as it may; the configuration with the lowest loss seen is what it found."""


def best(finder: Finder, search: Search, key: Words) -> Config:
    """What a finder finds; HeldoutError where it asks nothing."""
    finder(search, key)
    if not search.asked:
        raise HeldoutError("a finder ended without a query: it must ask at least once")
    return search.asked[int(np.argmin(search.losses))]
