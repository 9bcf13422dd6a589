"""What is thought of abilities and items before anything is seen."""

import math
from dataclasses import dataclass

from heldout.core.errors import HeldoutError


@dataclass(frozen=True)
class Prior:
    """Normal priors by their standard deviations, all around zero but the guessing rate's.

    `ability`, `difficulty`: on the logit scale. `slope`: of the logarithm of the discrimination. `guessing`, `certainty`:
    centre of the guessing rate, and standard deviation of its logit.
    """

    ability: float = 1.0
    slope: float = 0.5
    difficulty: float = 2.0
    guessing: float = 0.2
    certainty: float = 0.7

    def __post_init__(self) -> None:
        for name in ("ability", "slope", "difficulty", "certainty"):
            if not 0 < getattr(self, name) < math.inf:
                raise HeldoutError(f"the prior's {name} is {getattr(self, name)}: a standard deviation is positive")
        if not 0 < self.guessing < 1:
            raise HeldoutError(f"the prior's guessing is {self.guessing}, and must lie strictly between 0 and 1")
