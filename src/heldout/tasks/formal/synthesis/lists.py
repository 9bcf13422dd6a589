"""Programs on lists of small integers, after those of DeepCoder (Balog et al., 2017)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.synthesis.language import Language
from heldout.tasks.formal.synthesis.list_language import lists
from heldout.tasks.formal.synthesis.synthesis import Synthesis


@dataclass(frozen=True)
class Lists(Synthesis):
    """Programs of up to four lines on lists of at most `size` whole numbers, counted modulo `numbers`.

    The concepts are arithmetic (`Map`, `ZipWith` with the input, `Scanl1`), order (`Reverse`, `Sort`, `Swap` of first and last,
    `Rotate`) and selection (`Filter`, `Take`, `Drop`, `Unique`). Train sets have `Rotate` on its own only, and never
    `Scanl1` with `+`, `*` or `max`.

    `[2 6 4] -> [4 6 2], [1 0 3 3] -> [3 3 0 1], [5 5 0 1] -> [1 0 5 5]` is `Reverse`.
    `[1 5 2] -> [3 6 2], [6 0 4 4] -> [5 5 1 0], [3 3 6] -> [0 4 4]` is `Map +1; Reverse`, among seven numbers.
    """

    size: int = 4
    numbers: int = 7

    name: ClassVar[str] = "list programs"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 3 <= self.size <= 5:
            raise HeldoutError(f"{self.name}: size={self.size} must be 3 to 5 numbers")
        if not 4 <= self.numbers <= 10:
            raise HeldoutError(f"{self.name}: numbers={self.numbers} must be 4 to 10")

    @property
    def language(self) -> Language:
        """Functions on lists."""
        return lists(self.numbers, self.size)

    def read(self, value: np.ndarray) -> str:
        """Such as `[3 0 4]`."""
        return f"[{' '.join(str(v) for v in value if v >= 0)}]"
