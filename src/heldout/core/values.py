"""A measure worked out: one number per unit."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Unit = Literal["seed", "item", "block"]


@dataclass(frozen=True)
class Values:
    """A measure's numbers in the order in which the units were run.

    `units`: (n,) ids of seeds, items or blocks of seeds. `values`: (n,) numbers. `censored`: (n,) true where the value is
    only a lower bound; for arithmetic on such values integers, 0 where all was seen, 1 where the value may truly be higher, 2
    lower, 3 either. `failed`: units that were run and yielded nothing although tried again.
    """

    units: np.ndarray
    values: np.ndarray
    unit: Unit = "seed"
    censored: np.ndarray | None = None
    failed: int = 0

    def __len__(self) -> int:
        return len(self.values)
