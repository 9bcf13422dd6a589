"""Benchmarks of which few items may be asked, and how near the score is to that on all."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from heldout.core import HeldoutError, Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.interfaces import Statistic


@dataclass(frozen=True, eq=False)
class Benchmark:
    """What a way of shrinking is given. `known`: (systems, items) outcomes to learn from. `part`: (items,) codes of the parts.

    `keep`: how many items may be asked of the systems held out.
    """

    known: np.ndarray
    part: np.ndarray
    keep: int
    held: np.ndarray

    def ask(self, items: np.ndarray) -> np.ndarray:
        """(held-out systems, chosen items) outcomes; HeldoutError where more are asked than may be."""
        if len(items) > self.keep:
            raise HeldoutError(f"{len(items)} items asked, and {self.keep} may be")
        return self.held[:, items]


@dataclass(frozen=True)
class Shrunken:
    """Two-parameter items in parts, whose abilities share a factor; the score is 1 minus the mean absolute error.

    The error is of the mean over all items of each of 25 systems held out, 12 of 240 items asked, 125 systems known. Axes:
    `kept`: so many items are asked; `known`: so many systems are known; `correlation`: of abilities between parts, which
    is 0.8 elsewhere; `guessing`: the rate at which those who do not know are right.
    """

    items: int = 240
    parts: int = 6
    held: int = 25

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "shrunken benchmark"

    @property
    def splits(self) -> tuple[Split, ...]:
        """A twentieth of the items; then more of them, fewer systems, unlike parts, guesses."""
        return (
            Split("iid"),
            Split("48-kept", "kept", 48),
            Split("20-known", "known", 20),
            Split("correlation-0.2", "correlation", 0.2),
            Split("guessing-0.25", "guessing", 0.25),
        )

    @property
    def bounds(self) -> tuple[float, float]:
        """All wrong and all right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """No floor that means something."""
        return 0.0

    def observe(self, split: Split, key: Words) -> Benchmark:
        """One benchmark with the systems that are known, and those held out behind `ask`."""
        level = {split.axis: float(split.level or 0)}
        known, keep = int(level.get("known", 125)), int(level.get("kept", 12))
        alike, guess = level.get("correlation", 0.8), level.get("guessing", 0.0)
        rng = key.generator()
        part = np.repeat(np.arange(self.parts), self.items // self.parts)
        slope, difficulty = np.exp(0.5 * rng.standard_normal(self.items)), 1.2 * rng.standard_normal(self.items)
        systems = known + self.held
        own = rng.standard_normal((systems, self.parts))
        ability = np.sqrt(alike) * rng.standard_normal((systems, 1)) + np.sqrt(1 - alike) * own
        rising = special.expit(slope * (ability[:, part] - difficulty))
        right = (rng.random(rising.shape) < guess + (1 - guess) * rising).astype(float)
        return Benchmark(right[:known], part, keep, right[known:])

    def truth(self, split: Split, key: Words) -> np.ndarray:
        """(held-out systems,) means over all items."""
        return self.observe(split, key).held.mean(axis=1)

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` benchmarks."""
        scores = np.empty(n)
        for i in range(n):
            seen = self.observe(split, key.split(i))
            made = np.clip(np.asarray(model(seen, key.split(i, "way"))), 0, 1)
            scores[i] = 1 - np.abs(made - seen.held.mean(axis=1)).mean()
        return Outcomes(item_ids(key, n), scores, {})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some benchmarks in words."""
        seen = [self.observe(split, key.split(i)) for i in range(n)]
        return [Sample(self._written(b), f"mean {b.held.mean():.3f}") for b in seen]

    def _written(self, seen: Benchmark) -> str:
        """The size of a benchmark, and how alike its parts order the systems."""
        parts = seen.known.reshape(len(seen.known), self.parts, -1).mean(axis=2)
        alike = np.corrcoef(parts.T)[np.triu_indices(self.parts, 1)].mean()
        size = f"{seen.known.shape[0]} systems known on {seen.known.shape[1]} items in {self.parts} parts"
        return f"{size}; {seen.keep} may be asked; correlation of the parts {alike:.1f}; {seen.known.mean():.1f} right"

    def oracle(self) -> Statistic:
        """Whoever sees behind `ask`."""
        return lambda seen, _key: seen.held.mean(axis=1)
