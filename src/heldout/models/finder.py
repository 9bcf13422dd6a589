"""Ways to search a grid of hyperparameters: each asks `search.ask(configuration)` until its queries are used up."""

from collections import deque
from typing import Protocol

import numpy as np

from heldout.core.seeds import Words


class Asked(Protocol):
    """A search under way."""

    sizes: tuple[int, ...]
    queries: int
    asked: list[tuple[int, ...]]
    losses: list[float]

    def ask(self, config: tuple[int, ...]) -> float:
        """The loss of a configuration."""
        ...


def random(search: Asked, key: Words) -> None:
    """Random search (Bergstra and Bengio, 2012)."""
    rng = key.generator()
    for _ in range(search.queries):
        search.ask(_drawn(search, rng))


def evolution(search: Asked, key: Words, *, population: int = 20, tournament: int = 5) -> None:
    """Regularised evolution (Real et al., 2019): the best of a few is changed in one place, the oldest dies."""
    rng = key.generator()
    alive: deque[tuple[tuple[int, ...], float]] = deque(maxlen=population)
    for turn in range(search.queries):
        if turn < population:
            config = _drawn(search, rng)
        else:
            few = rng.choice(population, tournament, replace=False)
            config = _mutated(min((alive[int(i)] for i in few), key=lambda one: one[1])[0], search, rng)
        alive.append((config, search.ask(config)))


def parzen(search: Asked, key: Words, *, start: int = 10, share: float = 0.2, candidates: int = 24) -> None:
    """Tree-structured Parzen estimator (Bergstra et al., 2011), hyperparameter by hyperparameter.

    Of some candidates drawn like the better ones so far, asks for that which is most likely among these against the others.
    """
    rng = key.generator()
    for turn in range(search.queries):
        if turn < start:
            search.ask(_drawn(search, rng))
            continue
        configs = np.array(search.asked)
        order = np.argsort(search.losses, kind="stable")
        good = max(1, round(share * len(order)))
        near, far = (_frequencies(configs[rows], search.sizes) for rows in (order[:good], order[good:]))
        drawn = np.stack([rng.choice(len(p), candidates, p=p) for p in near], axis=1)
        ratio = sum(np.log(p / q)[drawn[:, i]] for i, (p, q) in enumerate(zip(near, far, strict=True)))
        search.ask(tuple(int(i) for i in drawn[int(np.argmax(ratio))]))


def _drawn(search: Asked, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.integers(size)) for size in search.sizes)


def _mutated(config: tuple[int, ...], search: Asked, rng: np.random.Generator) -> tuple[int, ...]:
    place = int(rng.integers(len(config)))
    step = 1 + int(rng.integers(search.sizes[place] - 1))
    return (*config[:place], (config[place] + step) % search.sizes[place], *config[place + 1 :])


def _frequencies(configs: np.ndarray, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Of every hyperparameter, the values' frequencies, each seen once more than it was."""
    counts = (np.bincount(configs[:, i], minlength=size) + 1.0 for i, size in enumerate(sizes))
    return [one / one.sum() for one in counts]
