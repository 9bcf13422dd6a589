"""What a run says about a claim."""

from dataclasses import dataclass
from typing import Literal

Word = Literal["supported", "refuted", "undecided", "void"]


@dataclass(frozen=True)
class Look:
    """The evidence at one look: `n` units so far, the estimate and its interval."""

    n: int
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """A claim decided, or not.

    `low`, `high`: the 95 % interval, valid at the stopping time `n`, for the claim's measure against `bound`; `alpha`: the
    level used after multiplicity. `looks`: how the evidence grew. `parts`: the verdicts of the components of a compound
    claim, named 1, 2 ..., and of its conditions, named given; a compound claim's own numbers are those of the component
    that it hangs on. `shift`: beside an interval that holds whatever the shape of bounded values, the narrower one that
    holds if the effect shifts every unit alike; of decided comparisons only.
    """

    claim: str
    statement: str
    verdict: Word
    estimate: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    alpha: float = 0.05
    n: int = 0
    unit: str = "seed"
    method: str = ""
    assumption: str | None = None
    reason: str | None = None
    bound: float = float("nan")
    looks: tuple[Look, ...] = ()
    parts: "tuple[Verdict, ...]" = ()
    shift: tuple[float, float] | None = None

    @property
    def decided(self) -> bool:
        """Whether more units could not change the verdict."""
        return self.verdict != "undecided"


class Verdicts(tuple[Verdict, ...]):
    """Verdicts in the order of their claims; a notebook shows them as a table."""

    __slots__ = ()
