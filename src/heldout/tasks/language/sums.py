"""Sums of two numbers, in words and digits; how many digits is what shifts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from heldout.core import IID, Outcomes, Sample, Split
from heldout.core.seeds import Words
from heldout.tasks.interfaces import Prompt, Responder, Status
from heldout.tasks.language.answers import outcomes

NUMBER = re.compile(r"-?\d(?:[\d,]*\d)?", re.ASCII)


@dataclass(frozen=True)
class Sums:
    """Two numbers of so many digits each are to be added; axis `digits`. The score is 1 for the right number, else 0.

    The last number in an answer counts, with or without commas between its digits.
    """

    iid: int = 3
    digits: tuple[int, ...] = (6, 12, 24)
    label: str = field(default="sums", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label

    @property
    def splits(self) -> tuple[Split, ...]:
        """Short numbers, and longer ones."""
        return (IID, *(Split(f"{n}-digits", "digits", n) for n in self.digits))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Guessing a number."""
        return 0.0

    def draw(self, split: Split, key: Words, n: int) -> Sequence[Prompt]:
        """Both numbers have all their digits: none begins with 0."""
        rng, length = key.generator(), int(split.level or self.iid)
        first, rest = rng.integers(1, 10, (n, 2, 1)), rng.integers(0, 10, (n, 2, length - 1))
        pairs = whole(np.concatenate([first, rest], 2)).tolist()
        return [Prompt(f"What is {a} + {b}?", str(a + b)) for a, b in pairs]

    def grade(self, prompt: Prompt, answer: str) -> tuple[float, Status]:
        """The digits are compared as text: nothing that was answered is evaluated, however long."""
        found = NUMBER.findall(answer)
        if not found:
            return 0.0, "malformed"
        return float(found[-1].replace(",", "").lstrip("0") == prompt.target), "ok"

    def trials(self, model: Responder, split: Split, key: Words, n: int) -> Outcomes:
        """Draw, ask and grade."""
        return outcomes(self, model, self.draw(split, key, n))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Prompts with their answers."""
        return [Sample(p.text, p.target) for p in self.draw(split, key, n)]

    def oracle(self) -> Responder:
        """Adds the numbers that it reads."""
        return exact


def whole(digits: np.ndarray) -> np.ndarray:
    """(..., length) digits as (...) whole numbers, which are Python's own where 64 bits are too few."""
    length = digits.shape[-1]
    kind = np.int64 if length <= 18 else object
    return digits.astype(kind) @ np.array([10**k for k in reversed(range(length))], kind)


def exact(prompt: str) -> str:
    """The sum of the numbers in a prompt."""
    return str(sum(map(int, numbers(prompt))))


def numbers(prompt: str) -> list[str]:
    """The numbers in a prompt, as text."""
    return re.findall(r"\d+", prompt)
