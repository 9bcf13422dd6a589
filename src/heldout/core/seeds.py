"""The one place that randomness comes from.

Every random number is drawn from a key made of (task, seed, purpose). The learner is not among them, so that all
learners see the same instances and their differences are paired.
"""

import hashlib
from operator import index
from typing import Any, NamedTuple

import numpy as np

Key = Any
"""A JAX key where the task or learner is traced, else `Words`."""


class Words(NamedTuple):
    """Sixty-four bits of randomness as two unsigned 32-bit words."""

    high: int
    low: int

    def generator(self) -> np.random.Generator:
        """A NumPy generator started from these words."""
        return np.random.default_rng([self.high, self.low])

    def split(self, *purpose: str | int) -> "Words":
        """New words for a named purpose below this one."""
        return words(self.high, self.low, *purpose)


def words(*parts: str | int) -> Words:
    """Sixty-four bits that depend on every part and on their order and kinds (text or whole number)."""
    text = "\x1f".join(_part(p) for p in parts)
    digest = hashlib.sha256(text.encode()).digest()
    return Words(int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:8], "big"))


def _part(part: str | int) -> str:
    if isinstance(part, str):
        return "str:" + part.replace("\\", "\\\\").replace("\x1f", "\\x1f")
    return f"int:{index(part)}"  # NumPy's whole numbers are whole numbers too


def item_ids(words: Words, n: int, start: int = 0) -> np.ndarray:
    """Ids for `n` instances drawn in order from one key: (n, 2) uint32, the same whoever is asked."""
    counted = np.arange(start, start + n, dtype=np.uint32)
    return np.stack([np.full(n, words.high ^ words.low, dtype=np.uint32), counted], axis=1)
