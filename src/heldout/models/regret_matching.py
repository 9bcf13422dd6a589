"""Regret matching (Hart and Mas-Colell, 2000) within a match of rock, paper, scissors, one learner for each context."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.models.recall import contexts, following

GAIN = tuple(tuple((a - b + 1) % 3 - 1 for a in range(3)) for b in range(3))
"""What each own throw earns, by the other's throw."""


@dataclass(frozen=True)
class RegretMatching:
    """Throws in proportion to positive regret in the current context; begins every match without any.

    `recall`: how many pairs of throws make a context.
    """

    recall: int = 1

    def __call__(self, seat: Any) -> "_Regretful":
        """Sit down to a match."""
        return _Regretful(self.recall, seat.generator)


class _Regretful:
    def __init__(self, recall: int, generator: np.random.Generator) -> None:
        self.recall, self.context = recall, 0
        self.dice = iter(generator.random(1000).tolist())
        self.regret = [[0.0] * 3 for _ in range(contexts(recall))]

    def throw(self) -> int:
        rock, paper, scissors = (max(r, 0.0) for r in self.regret[self.context])
        total, die = rock + paper + scissors, next(self.dice)
        if total <= 0.0:
            return int(3 * die)
        return 0 if die * total < rock else 1 if die * total < rock + paper else 2

    def see(self, mine: int, theirs: int) -> None:
        regret, gain = self.regret[self.context], GAIN[theirs]
        for a in range(3):
            regret[a] += gain[a] - gain[mine]
        self.context = following(self.context, self.recall, mine, theirs)
