"""Sums of two numbers, in words and digits; how many digits is what shifts."""

import gc
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import ClassVar

import numpy as np

from heldout.core import IID, Outcomes, Sample, Split
from heldout.core.seeds import Words
from heldout.tasks.interfaces import Prompt, Responder, Status
from heldout.tasks.language.answers import outcomes

NUMBER = re.compile(r"-?\d(?:[\d,]*\d)?", re.ASCII)
ZERO = np.uint8(ord("0"))


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
        """Both numbers have all their digits: none begins with 0. All sums are written together, digit by digit."""
        rng, length = key.generator(), int(split.level or self.iid)
        first, rest = rng.integers(1, 10, (n, 2, 1)), rng.integers(0, 10, (n, 2, length - 1))
        one, other = np.moveaxis(np.concatenate([first, rest], 2).astype(np.uint8), 1, 0)
        return prompts(texts("What is ", ZERO + one, " + ", ZERO + other, "?"), texts(added(one, other)))

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


def added(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The characters of the sums of two times (n, length) digits: (n, length + 1), the first of which is 0 where there is none."""
    sums = np.pad(one + other, ((0, 0), (1, 0)))
    for place in range(sums.shape[1] - 1, 0, -1):
        carried = sums[:, place] > 9
        sums[:, place] -= np.uint8(10) * carried
        sums[:, place - 1] += carried
    return np.concatenate([sums[:, :1] * (ZERO + sums[:, :1]), ZERO + sums[:, 1:]], 1)


def texts(*parts: str | np.ndarray) -> list[str]:
    """Text, the same in all rows, and (n, length) characters, of which 0 is none, side by side: one text a row."""
    rows = next(len(part) for part in parts if isinstance(part, np.ndarray))
    lines = [
        np.frombuffer(p.encode(), np.uint8)[None].repeat(rows, 0) if isinstance(p, str) else p for p in (*parts, "\n")
    ]
    return np.concatenate(lines, 1).tobytes().replace(b"\0", b"").decode("ascii").splitlines()


def prompts(asked: Sequence[str], targets: Sequence[str]) -> list[Prompt]:
    """One prompt for each text, made as `Prompt` makes them but without a Python call each.

    No garbage is looked for meanwhile: Python would search all that the process holds, again and again, for thousands of new tuples.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        return list(map(tuple.__new__, repeat(Prompt), zip(asked, targets, strict=True)))
    finally:
        if searching:
            gc.enable()


def exact(prompt: str) -> str:
    """The sum of the numbers in a prompt."""
    return str(sum(map(int, numbers(prompt))))


def numbers(prompt: str) -> list[str]:
    """The numbers in a prompt, as text."""
    return re.findall(r"\d+", prompt)
