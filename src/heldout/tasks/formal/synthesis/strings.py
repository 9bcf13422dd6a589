"""Programs on strings, after those of RobustFill (Devlin et al., 2017)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.synthesis.language import Language
from heldout.tasks.formal.synthesis.string_language import SYMBOLS, strings
from heldout.tasks.formal.synthesis.synthesis import Synthesis


@dataclass(frozen=True)
class Strings(Synthesis):
    """Programs of up to four lines on strings of at most `size` symbols, each line writing behind what stands already.

    The concepts are parts of the input (`SubStr`, `GetToken`, `GetUpto`, `GetFrom`), the input modified (`ToCase`, `GetAll`,
    `Replace`, `Reverse`) and constants. Train sets have `Reverse` on its own only, and never `ToCase proper` or the second
    word or number.

    `"ab-c" -> "ab-1", "B 2a" -> "B 1", "c1-" -> "c1-1"` is `GetUpto mark; Const '1'`.
    `"aB-1" -> "AB-1a", "cc 2" -> "CC 2c", "2bA" -> "2BA2"` is `ToCase upper; SubStr first`.
    """

    size: int = 8

    name: ClassVar[str] = "string programs"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 5 <= self.size <= 12:
            raise HeldoutError(f"{self.name}: size={self.size} must be 5 to 12 symbols")

    @property
    def language(self) -> Language:
        """Functions on strings."""
        return strings(self.size)

    def read(self, value: np.ndarray) -> str:
        """Such as `"ab-1"`."""
        return f'"{"".join(SYMBOLS[v] for v in value if v >= 0)}"'
