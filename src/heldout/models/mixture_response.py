"""The best response to a mixture of known opponents, weighted anew after every throw of a match."""

from typing import Any, NamedTuple

import numpy as np

from heldout.models.recall import following


class MixtureResponse(NamedTuple):
    """`counts`: (opponents, contexts, 3), how often each threw what in which context.

    Each opponent is taken to throw by its frequencies (half a throw of each kind added), the present one to be any of them
    with even odds at first and as Bayes' rule has it later. `recall`: how many pairs of throws make a context.
    """

    counts: Any
    recall: int

    def __call__(self, seat: Any) -> "_Responding":  # noqa: ARG002
        """Sit down to a match."""
        counts = np.asarray(self.counts, float) + 0.5
        return _Responding(counts / counts.sum(-1, keepdims=True), self.recall)


class _Responding:
    def __init__(self, chances: np.ndarray, recall: int) -> None:
        self.by_context, self.recall, self.context = np.ascontiguousarray(chances.transpose(1, 2, 0)), recall, 0
        self.weights = np.full(len(chances), 1 / len(chances))

    def throw(self) -> int:
        rock, paper, scissors = (self.by_context[self.context] @ self.weights).tolist()
        gains = (scissors - paper, rock - scissors, paper - rock)
        return gains.index(max(gains))

    def see(self, mine: int, theirs: int) -> None:
        weights = self.weights * self.by_context[self.context, theirs]
        self.weights = weights / weights.sum()
        self.context = following(self.context, self.recall, mine, theirs)
