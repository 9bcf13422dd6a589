"""Arithmetic over measures, and the functions that people write claims with."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.measure import UNBOUNDED, AtLast, Bounds, Forgetting, Measure, Score, StepsTo, When
from heldout.core.split import Where


@dataclass(frozen=True)
class Linear(Measure):
    """A weighted sum of measures plus a constant, unit by unit."""

    terms: tuple[tuple[float, Measure], ...]
    constant: float = 0.0

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measures summed."""
        return tuple(m for _, m in self.terms)

    @property
    def bounds(self) -> Bounds:
        """By interval arithmetic."""
        ends = [(w * m.bounds[0], w * m.bounds[1]) for w, m in self.terms]
        return self.constant + sum(min(e) for e in ends), self.constant + sum(max(e) for e in ends)

    @property
    def difference(self) -> bool:
        """Whether the weights sum to zero, so that what all measures share drops out."""
        return len(self.terms) > 1 and math.isclose(sum(w for w, _ in self.terms), 0.0, abs_tol=1e-9)

    @property
    def centre(self) -> float | None:
        """The constant, where every added measure stands against a subtracted one of the same weight.

        Then systems that change places change the sign; in `2 * a - b - c` they would not.
        """
        if len(self.terms) == 1:
            weight, measure = self.terms[0]
            return None if measure.centre is None else weight * measure.centre + self.constant
        added, taken = sorted(w for w, _ in self.terms if w > 0), sorted(-w for w, _ in self.terms if w < 0)
        balanced = len(added) == len(taken) and all(math.isclose(a, b) for a, b in zip(added, taken, strict=True))
        return self.constant if balanced else None

    @property
    def text(self) -> str:
        """The sum as one would write it."""
        written = ""
        for weight, measure in self.terms:
            sign = (" - " if weight < 0 else " + ") if written else ("-" if weight < 0 else "")
            written += f"{sign}{'' if abs(weight) == 1 else f'{abs(weight):g} * '}{measure.text}"
        return written + (f" {'-' if self.constant < 0 else '+'} {abs(self.constant):g}" if self.constant else "")


@dataclass(frozen=True)
class Product(Measure):
    """Two measures multiplied, unit by unit."""

    left: Measure
    right: Measure

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The two factors."""
        return self.left, self.right

    @property
    def bounds(self) -> Bounds:
        """By interval arithmetic."""
        if UNBOUNDED in (self.left.bounds, self.right.bounds):
            return UNBOUNDED
        corners = [a * b for a in self.left.bounds for b in self.right.bounds]
        return min(corners), max(corners)

    @property
    def text(self) -> str:
        """Such as `a * b`."""
        return f"{self.left.text} * {self.right.text}"


@dataclass(frozen=True)
class Mean(Measure):
    """A measure whose mean over units, not its typical value, is claimed something of."""

    part: Measure

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measure averaged."""
        return (self.part,)

    @property
    def bounds(self) -> Bounds:
        """Those of the measure."""
        return self.part.bounds

    @property
    def text(self) -> str:
        """Such as `mean(m)`."""
        return f"mean({self.part.text})"


@dataclass(frozen=True)
class Log(Measure):
    """The natural logarithm of a measure with a positive lower bound."""

    part: Measure

    def __post_init__(self) -> None:
        if self.part.bounds[0] <= 0:
            raise HeldoutError(
                f"log({self.part.text}) needs a positive lower bound, and {self.part.bounds[0]:g} is not"
            )

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measure inside."""
        return (self.part,)

    @property
    def bounds(self) -> Bounds:
        """The logarithms of the bounds."""
        low, high = self.part.bounds
        return math.log(low), (math.inf if math.isinf(high) else math.log(high))

    @property
    def text(self) -> str:
        """Such as `log(m)`."""
        return f"log({self.part.text})"


@dataclass(frozen=True)
class Exact(Measure):
    """A closed form: one evaluation says all, and no statistics are needed."""

    part: Measure

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measure evaluated."""
        return (self.part,)

    @property
    def bounds(self) -> Bounds:
        """Those of the measure."""
        return self.part.bounds

    @property
    def text(self) -> str:
        """Such as `exact(m)`."""
        return f"exact({self.part.text})"


@dataclass(frozen=True)
class RankCorrelation(Measure):
    """Kendall's tau, within each unit, between some measures and some numbers or as many other measures."""

    measures: tuple[Measure, ...]
    against: tuple[Measure | float, ...]
    name: str = "rank_correlation"

    def __post_init__(self) -> None:
        if len(self.measures) != len(self.against) or len(self.measures) < 3:
            raise HeldoutError(
                f"{self.name} needs two lists of one length >= 3: got {len(self.measures)} and {len(self.against)}"
            )

    @property
    def parts(self) -> tuple[Measure, ...]:
        """Every measure ranked."""
        return (*self.measures, *(m for m in self.against if isinstance(m, Measure)))

    @property
    def bounds(self) -> Bounds:
        """From perfect disagreement to perfect agreement."""
        return (-1.0, 1.0)

    @property
    def centre(self) -> float:
        """With no association every order is equally likely, so tau and -tau are."""
        return 0.0

    @property
    def text(self) -> str:
        """Such as `trend(a, b, c)`; the verdict is for these measures only."""
        return f"{self.name}({', '.join(m.text for m in self.measures)})"


@dataclass(frozen=True)
class Wins(Measure):
    """The share of pairs in which the first beats the second (ties count half), unit by unit."""

    pairs: tuple[tuple[Measure, Measure], ...]

    @property
    def parts(self) -> tuple[Measure, ...]:
        """Every measure compared."""
        return tuple(m for pair in self.pairs for m in pair)

    @property
    def bounds(self) -> Bounds:
        """A share."""
        return (0.0, 1.0)

    @property
    def centre(self) -> float:
        """A win for a loss, if the systems of every pair may change places."""
        return 0.5

    @property
    def text(self) -> str:
        """Such as `wins of a over b, c over d`."""
        return "wins of " + ", ".join(f"{a.text} over {b.text}" for a, b in self.pairs)


@dataclass(frozen=True)
class Applied(Measure):
    """A named function of other measures, unit by unit.

    `function` maps an array of shape (len(inputs), units) to one of shape (units,).
    """

    name: str
    function: Callable[[Any], Any]
    inputs: tuple[Measure, ...]
    bounds: Bounds = UNBOUNDED  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The inputs."""
        return self.inputs

    @property
    def text(self) -> str:
        """The name that its maker gave it."""
        return self.name


def combine(left: Measure, right: "Measure | float", sign: float) -> Measure:
    """`left + sign * right`, flattened into one sum."""
    terms, constant = _terms(left)
    if isinstance(right, Measure):
        more, extra = _terms(right)
        terms, constant = terms + [(sign * w, m) for w, m in more], constant + sign * extra
    else:
        constant += sign * float(right)
    return Linear(_gathered(terms), constant)


def _gathered(terms: Sequence[tuple[float, Measure]]) -> tuple[tuple[float, Measure], ...]:
    """Terms of one measure added up; what cancels is gone. Only so do balanced weights mean that places can change."""
    found: list[tuple[float, Measure]] = []
    for weight, measure in terms:
        place = next((i for i, (_, known) in enumerate(found) if _same(known, measure)), None)
        if place is None:
            found.append((weight, measure))
        else:
            found[place] = (found[place][0] + weight, measure)
    return tuple((w, m) for w, m in found if not math.isclose(w, 0.0, abs_tol=1e-12))


def _same(one: Measure, other: Measure) -> bool:
    try:
        return one is other or bool(one == other)
    except ValueError:  # fields that are arrays
        return False


def scale(measure: Measure, factor: float) -> Measure:
    """A measure times a number."""
    terms, constant = _terms(measure)
    return Linear(tuple((factor * w, m) for w, m in terms), factor * constant)


def _terms(measure: Measure) -> tuple[list[tuple[float, Measure]], float]:
    if isinstance(measure, Linear):
        return list(measure.terms), measure.constant
    if isinstance(measure, Mean | Exact):
        raise HeldoutError(f"`{measure.text}` is allowed outermost only: put the arithmetic inside it")
    return [(1.0, measure)], 0.0


def score(
    task: Any, learner: Any, where: Where = "iid", *, probe: str = "score", at: When = AtLast(), on: Any = None
) -> Score:
    """The value of a probe in one cell on a split, or its mean over the levels of an axis (groups equally)."""
    return Score(task, learner, where, probe, at, on)


def worst(task: Any, learner: Any, axis: Where, *, probe: str = "score") -> Score:
    """The lowest over the levels of an axis, seed by seed; HeldoutError for items, which every level has of its own."""
    return Score(task, learner, axis, probe, lowest=True)


def gap(task: Any, learner: Any, axis: Where) -> Measure:
    """The score on iid instances minus the score on an axis."""
    return Score(task, learner, "iid") - Score(task, learner, axis)


def steps_to(task: Any, learner: Any, where: str, level: float) -> StepsTo:
    """The first recorded step at which the score on a split reaches a level."""
    return StepsTo(task, learner, where, level)


def forgetting(task: Any, learner: Any, axis: Where) -> Forgetting:
    """What an axis's splits have lost since their best recorded step; its probe must be taken at several steps."""
    return Forgetting(task, learner, axis)


def mean(measure: Measure) -> Mean:
    """The mean over units, allowed outermost only."""
    return Mean(measure)


def log(measure: Measure) -> Log:
    """The natural logarithm of a measure with a positive lower bound."""
    return Log(measure)


def exact(measure: Measure) -> Exact:
    """A closed form that one evaluation decides."""
    return Exact(measure)


def trend(measures: Sequence[Measure], xs: Sequence[float]) -> RankCorrelation:
    """Kendall's tau between measures and numbers, one per unit."""
    return RankCorrelation(tuple(measures), tuple(float(x) for x in xs), "trend")


def rank_correlation(measures: Sequence[Measure], others: Sequence["Measure | float"]) -> RankCorrelation:
    """Kendall's tau between two lists of measures, one per unit."""
    return RankCorrelation(tuple(measures), tuple(others))


def wins(pairs: Sequence[tuple[Measure, Measure]]) -> Wins:
    """The share of pairs in which the first beats the second, one per unit."""
    return Wins(tuple(pairs))
