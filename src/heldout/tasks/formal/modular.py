"""Arithmetic modulo a prime: all pairs of numbers, a share of them to learn from, the rest held out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import jax
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import Split
from heldout.core.task import Sample
from heldout.tasks.formal.operation import Operation, Tabulated, operation, sample

Rule = Callable[[np.ndarray, np.ndarray, int], np.ndarray]

RULES: dict[str, Rule] = {
    "x + y": lambda x, y, _: x + y,
    "x - y": lambda x, y, _: x - y,
    "x * y": lambda x, y, _: x * y,
    "x / y": lambda x, y, p: x * inverses(p)[y],
    "x^2 + y^2": lambda x, y, _: x**2 + y**2,
    "x^2 + xy + y^2": lambda x, y, _: x**2 + x * y + y**2,
    "x^2 + xy + y^2 + x": lambda x, y, _: x**2 + x * y + y**2 + x,
    "x^3 + xy": lambda x, y, _: x**3 + x * y,
    "x^3 + xy^2 + y": lambda x, y, _: x**3 + x * y**2 + y,
    "x / y if y odd else x - y": lambda x, y, p: np.where(y % 2 == 1, x * inverses(p)[y], x - y),
}
"""The operations of Power et al. (2022), and the product."""

LARGEST = 499
"""The prime up to which all pairs are laid out in memory, and the cube of a number is far from overflowing."""


@dataclass(frozen=True)
class Modular(Tabulated):
    """Give x o y modulo the prime `p`, trained on a share `fraction` of all pairs; held-out pairs are `iid`.

    The score is 1 for the right number, else 0; on the train split it is 1 for the label that was trained on, so that it tells
    what was memorised. `corrupted`: the share of training labels replaced by wrong ones. Dividing by 0 is not asked. An input is
    two one-hot rows of `p`. Two instances with p = 31: `7 + 29` is 5; `7 / 29` is 12, since 12 * 29 = 7.
    """

    p: int = 31
    rule: str = "x + y"
    fraction: float = 0.5
    corrupted: float = 0.0
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise HeldoutError(f"there is no rule {self.rule!r}: there is {', '.join(RULES)}")
        if not 3 <= self.p <= LARGEST or any(self.p % d == 0 for d in range(2, int(self.p**0.5) + 1)):
            raise HeldoutError(f"p={self.p} must be a prime from 3 to {LARGEST}, such as 31 or 97")
        laid_out(self)  # a share that leaves a split empty is found now

    @property
    def name(self) -> str:
        """The name in tables."""
        noise = f", {self.corrupted:.0%} corrupted" if self.corrupted else ""
        return self.label or f"{self.rule} mod {self.p}, {self.fraction:.0%}{noise}"

    @property
    def operation(self) -> Operation:
        """All pairs with their answers."""
        return laid_out(self)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Equations with their right sides."""
        made = self.operation
        rows = made.chosen(split, key, n)
        return [
            sample(f"{_written(self.rule, x, y)} mod {self.p}", str(answer), str(label))
            for (x, y), answer, label in zip(made.pairs[rows], made.answers[rows], made.labels[rows], strict=True)
        ]


@lru_cache(maxsize=64)
def inverses(p: int) -> np.ndarray:
    """(p,) the inverse of every residue modulo a prime, by Fermat's little theorem; 0 for 0, which has none."""
    return np.array([pow(y, p - 2, p) for y in range(p)])


@lru_cache(maxsize=64)
def laid_out(task: Modular) -> Operation:
    """All pairs with their answers, worked out once."""
    x, y = (side.ravel() for side in np.meshgrid(np.arange(task.p), np.arange(task.p), indexing="ij"))
    if "/" in task.rule:
        x, y = x[y > 0], y[y > 0]
    answers = RULES[task.rule](x, y, task.p) % task.p
    return operation(f"{task.rule} mod {task.p}", np.stack([x, y], 1), answers, task.fraction, task.corrupted)


def _written(rule: str, x: int, y: int) -> str:
    """The rule with numbers in place of its letters, products spelt out."""
    return rule.replace("xy", "x * y").replace("x", str(x)).replace("y", str(y))
