"""A table of what each throw is worth in each context."""

from typing import Any, NamedTuple

import numpy as np

from heldout.models.recall import following


class ActionValues(NamedTuple):
    """`values`: (contexts, 3), played greedily. `recall`: how many pairs of throws make a context.

    `rate`, `discount`: of the Q-learning that goes on during a match; every match begins with the table as it is here.
    """

    values: Any
    recall: int
    rate: float = 0.0
    discount: float = 0.0

    def __call__(self, seat: Any) -> "Greedy":  # noqa: ARG002
        """Sit down to a match."""
        return Greedy(np.asarray(self.values).tolist(), self)


class Greedy:
    """Throws what is worth most, and learns what that was worth; changes `values` in place."""

    def __init__(self, values: list[list[float]], spec: ActionValues) -> None:
        self.values, self.spec, self.context = values, spec, 0

    def throw(self) -> int:
        """The first of the best."""
        row = self.values[self.context]
        return row.index(max(row))

    def see(self, mine: int, theirs: int) -> None:
        """One step of Q-learning."""
        _, recall, rate, discount = self.spec
        after = following(self.context, recall, mine, theirs)
        row, earned = self.values[self.context], (mine - theirs + 1) % 3 - 1
        row[mine] += rate * (earned + discount * max(self.values[after]) - row[mine])
        self.context = after
