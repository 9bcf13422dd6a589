"""What a fixed-sample test says: a p-value, an estimate and the interval that agrees with it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from heldout.core.errors import HeldoutError

Alternative = Literal["two-sided", "greater", "less"]


class Interval(NamedTuple):
    """An estimate with its confidence limits."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """The outcome of one test of `n` units at level `alpha`.

    `p` belongs to `alternative`, and the interval [low, high] has confidence 1 - alpha for `estimate`; a side on which
    nothing can be said at this n is infinite. `assumption` names what p and interval rest on, `note` what limited them.
    """

    method: str
    statistic: float
    p: float
    estimate: float
    low: float
    high: float
    n: int
    alpha: float = 0.05
    alternative: Alternative = "two-sided"
    assumption: str = ""
    note: str = ""

    @property
    def interval(self) -> Interval:
        """Estimate, low, high."""
        return Interval(self.estimate, self.low, self.high)


def known(alternative: str) -> Alternative:
    """The alternative, if there is one of that name; HeldoutError otherwise."""
    match alternative:
        case "two-sided" | "greater" | "less":
            return alternative
    raise HeldoutError(f"the alternative is {alternative!r}, and must be two-sided, greater or less")
