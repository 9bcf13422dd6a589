"""Products of permutations: all pairs from a symmetric group, a share of them to learn from, the rest held out."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations

import jax
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import Split
from heldout.core.task import Sample
from heldout.tasks.formal.operation import Operation, Tabulated, operation, sample

RULES = ("xy", "x y x^-1", "xyx")
"""The operations of Power et al. (2022) on the symmetric group."""


@dataclass(frozen=True)
class Permutations(Tabulated):
    """Give the permutation that two of `n` things make together, trained on a share `fraction` of all pairs.

    Held-out pairs are `iid`. xy is x after y: it takes i to x(y(i)). The score is 1 for the right permutation, else 0; on the
    train split for the label that was trained on. `corrupted`: the share of training labels replaced by wrong ones. An input is
    two one-hot rows of n!. Two instances of xy with n = 3, written as the images of 0, 1, 2: `120 * 120` is 201;
    `102 * 120` is 021.
    """

    n: int = 5
    rule: str = "xy"
    fraction: float = 0.5
    corrupted: float = 0.0
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise HeldoutError(f"there is no rule {self.rule!r}: there is {', '.join(RULES)}")
        if not 3 <= self.n <= 6:
            raise HeldoutError(f"permutations of n={self.n} things: give 3 to 6 (6 already have 518,400 pairs)")
        laid_out(self)  # a share that leaves a split empty is found now

    @property
    def name(self) -> str:
        """The name in tables."""
        noise = f", {self.corrupted:.0%} corrupted" if self.corrupted else ""
        return self.label or f"{self.rule} in S{self.n}, {self.fraction:.0%}{noise}"

    @property
    def operation(self) -> Operation:
        """All pairs with their answers."""
        return laid_out(self)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Products with what they amount to, each permutation as the images of 0, 1, 2 ..."""
        made = self.operation
        written = ["".join(map(str, one)) for one in elements(self.n)]
        return [
            sample(_written(self.rule, written[x], written[y]), written[answer], written[label])
            for (x, y), answer, label in (
                (made.pairs[i], made.answers[i], made.labels[i]) for i in made.chosen(split, key, n)
            )
        ]


@lru_cache(maxsize=8)
def elements(n: int) -> np.ndarray:
    """(n!, n): every permutation of n things as the images of 0 ... n - 1, in lexicographic order."""
    return np.array(list(permutations(range(n))))


@lru_cache(maxsize=32)
def laid_out(task: Permutations) -> Operation:
    """All pairs with their answers, worked out once."""
    known = elements(task.n)
    size = len(known)
    x, y = (side.ravel() for side in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    product = _compose(known[x], known[y])
    if task.rule == "x y x^-1":
        product = _compose(product, known[x].argsort(1))
    elif task.rule == "xyx":
        product = _compose(product, known[x])
    place = np.zeros(task.n**task.n, np.int64)
    place[_code(known)] = np.arange(size)
    answers = place[_code(product)]
    return operation(f"{task.rule} in S{task.n}", np.stack([x, y], 1), answers, task.fraction, task.corrupted)


def _compose(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(m, n) permutations: the left after the right."""
    return np.take_along_axis(left, right, 1)


def _code(some: np.ndarray) -> np.ndarray:
    """A number for each of (m, n) permutations."""
    return some @ some.shape[1] ** np.arange(some.shape[1])


def _written(rule: str, x: str, y: str) -> str:
    return {"xy": f"{x} * {y}", "x y x^-1": f"{x} * {y} * ({x})^-1", "xyx": f"{x} * {y} * {x}"}[rule]
