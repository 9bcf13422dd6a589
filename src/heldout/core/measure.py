"""Numbers per unit, as expressions: cells at the leaves, arithmetic above them.

An expression says what it needs and what its bounds are; `heldout.measures` works it out from records.
Every class here is final except `Measure`, which holds the operators.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from heldout.core.errors import HeldoutError
from heldout.core.split import Where

if TYPE_CHECKING:
    from heldout.core.claim import Claim

Bounds = tuple[float, float]
UNBOUNDED: Bounds = (-math.inf, math.inf)


class Measure(ABC):
    """One number per unit (seed, item or block of seeds), computed from records."""

    @property
    @abstractmethod
    def parts(self) -> "tuple[Measure, ...]":
        """The measures that this one is computed from; empty for a leaf."""

    @property
    @abstractmethod
    def bounds(self) -> Bounds:
        """The lowest and highest value that any unit can take."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The measure in words that fit in a claim."""

    @property
    def centre(self) -> float | None:
        """The value about which the measure is symmetric if the systems compared are exchangeable; None: no such value."""
        return None

    def leaves(self) -> "Iterator[Leaf]":
        """The cells at the bottom of the expression."""
        for part in self.parts:
            yield from part.leaves()

    def __add__(self, other: "Measure | float") -> "Measure":
        return _expression().combine(self, other, 1.0)

    def __radd__(self, other: float) -> "Measure":
        return _expression().combine(self, other, 1.0)

    def __sub__(self, other: "Measure | float") -> "Measure":
        return _expression().combine(self, other, -1.0)

    def __rsub__(self, other: float) -> "Measure":
        return _expression().combine(self * -1.0, other, 1.0)

    def __neg__(self) -> "Measure":
        return self * -1.0

    def __mul__(self, other: "Measure | float") -> "Measure":
        return (
            _expression().Product(self, other)
            if isinstance(other, Measure)
            else _expression().scale(self, float(other))
        )

    def __rmul__(self, other: float) -> "Measure":
        return _expression().scale(self, float(other))

    def __gt__(self, other: "Measure | float") -> "Claim":
        return _claims().compare(self, other, 1)

    def __lt__(self, other: "Measure | float") -> "Claim":
        return _claims().compare(self, other, -1)

    def __ge__(self, other: object) -> "Claim":
        raise HeldoutError(
            f"write `{self.text} > c` or `< c`: with a margin of uncertainty, >= and > are the same claim"
        )

    def __le__(self, other: object) -> "Claim":
        raise HeldoutError(
            f"write `{self.text} > c` or `< c`: with a margin of uncertainty, <= and < are the same claim"
        )

    def __bool__(self) -> bool:
        raise HeldoutError(f"`{self.text}` has no truth value before it has been measured")

    def near(self, target: "Measure | float", margin: float) -> "Claim":
        """The claim that this lies within `margin` of the target."""
        return _claims().near(self, target, margin)


def _claims() -> Any:
    from heldout.core import claim

    return claim


def _expression() -> Any:
    from heldout.core import expression

    return expression


class Leaf(Measure):
    """A measure that reads the records of one cell."""

    task: Any
    learner: Any
    where: Where

    @property
    def parts(self) -> tuple[Measure, ...]:
        """Nothing below a leaf."""
        return ()

    def leaves(self) -> "Iterator[Leaf]":
        """This leaf."""
        yield self


@dataclass(frozen=True)
class AtLast:
    """The last step of the learner."""


@dataclass(frozen=True)
class AtStep:
    """One step of training."""

    step: int


@dataclass(frozen=True)
class AtBest:
    """The step and configuration that are best on the mean over seeds of `where`.

    Only train and iid rows may choose, unless `oracle`, which is printed as such.
    """

    where: str = "iid"
    oracle: bool = False


When = AtLast | AtStep | AtBest


def best(where: str = "iid", *, oracle: bool = False) -> AtBest:
    """Choose step and configuration by the mean over seeds of `where`, which is train or iid unless `oracle`."""
    return AtBest(where, oracle)


@dataclass(frozen=True)
class Score(Leaf):
    """A probe's value in one cell on a split, or its mean over the levels of an axis (groups equally)."""

    task: Any
    learner: Any
    where: Where = "iid"
    probe: str = "score"
    at: When = AtLast()
    on: Any = None
    lowest: bool = False  # the lowest over the levels instead of their mean

    def __post_init__(self) -> None:
        from heldout.core.cell import unit  # cells are made from measures

        if self.lowest and unit(self) == "item":
            raise HeldoutError(
                f"`{self.text}`: every split has items of its own; claim something of the score on each level"
            )

    @property
    def bounds(self) -> Bounds:
        """The bounds of the task's score; a probe of its own is unbounded unless it is a share."""
        return (self.on or self.task).bounds if self.probe == "score" else UNBOUNDED

    @property
    def text(self) -> str:
        """Such as `score(digits, cnn, noise)`."""
        name = "worst" if self.lowest else self.probe
        chosen = f", best on {self.at.where}" + (" by oracle" * self.at.oracle) if isinstance(self.at, AtBest) else ""
        step = f", step {self.at.step}" if isinstance(self.at, AtStep) else ""
        return f"{name}({(self.on or self.task).name}, {self.learner.name}, {self.where}{chosen}{step})"


@dataclass(frozen=True)
class StepsTo(Leaf):
    """The first recorded step at which the score on a split reaches a level; censored where it never does."""

    task: Any
    learner: Any
    where: Where
    level: float

    @property
    def bounds(self) -> Bounds:
        """From nothing to the learner's last step; censored runs lie beyond."""
        return (0.0, math.inf)

    @property
    def text(self) -> str:
        """Such as `steps_to(task, learner, iid, 0.99)`."""
        return f"steps_to({self.task.name}, {self.learner.name}, {self.where}, {self.level:g})"


@dataclass(frozen=True)
class Forgetting(Leaf):
    """What the splits of an axis have lost since their best recorded step (Chaudhry et al., 2018), the mean over splits."""

    task: Any
    learner: Any
    where: Where

    @property
    def bounds(self) -> Bounds:
        """As wide as the task's; negative where the last step is the best."""
        low, high = self.task.bounds
        return low - high, high - low

    @property
    def text(self) -> str:
        """Such as `forgetting(task, learner, stage)`."""
        return f"forgetting({self.task.name}, {self.learner.name}, {self.where})"


@dataclass(frozen=True)
class OverSeeds(Leaf):
    """A number per block of `block` seeds, computed from the items that their models were asked.

    `function` gets one mapping per seed, from item (split and id) to what `reads` says, and yields one number: the `answer`
    at the last step that was recorded, or the `scores` at every one, in order. With other learners `beside` it, it gets the
    mappings of the first learner's seeds, then those of the next one's, and so on.
    """

    task: Any
    learner: Any
    name: str
    function: Callable[[Sequence[Mapping[Any, Any]]], float]
    where: Where = "iid"
    block: int = 2
    bounds: Bounds = (0.0, 1.0)  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]
    beside: tuple[Any, ...] = ()
    reads: Literal["answer", "scores"] = "answer"

    @property
    def text(self) -> str:
        """Such as `churn(digits, cnn, iid)`."""
        learners = ", ".join(one.name for one in (self.learner, *self.beside))
        return f"{self.name}({self.task.name}, {learners}, {self.where})"
