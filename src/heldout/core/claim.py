"""A measure compared with something: what a study sets out to decide."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heldout.core.errors import HeldoutError
from heldout.core.expression import Exact, Linear, Mean, combine
from heldout.core.measure import Measure


class Claim(ABC):
    """A statement that evidence supports, refutes, leaves undecided or voids."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The statement in the notation of claims."""

    @abstractmethod
    def components(self) -> "tuple[Atom, ...]":
        """The single comparisons that the claim is made of: each counts in the multiplicity."""

    def conditions(self) -> "tuple[Claim, ...]":
        """What must hold of the population of runs for the claim to mean anything."""
        return ()

    def measures(self) -> Iterator[Measure]:
        """Every measure that the claim or its conditions need."""
        for atom in self.components():
            yield atom.measure
        for condition in self.conditions():
            yield from condition.measures()

    def given(self, condition: "Claim") -> "Claim":
        """This claim, void if the condition fails."""
        if not isinstance(condition, Claim):
            raise HeldoutError(f"given() takes a claim such as `score(task, learner) > 0.9`, and got {condition!r}")
        return Given(self, condition)

    def __bool__(self) -> bool:
        raise HeldoutError(f"`{self.text}` has no truth value before a run; for a < b < c write ordered(c, b, a)")


@dataclass(frozen=True)
class Compare(Claim):
    """A measure above (`side=1`) or below (`side=-1`) a constant: the normal form of every comparison."""

    measure: Measure
    side: int
    bound: float

    @property
    def text(self) -> str:
        """Written with the subtracted measures on the right, as people do."""
        sign = ">" if self.side > 0 else "<"
        left, right = _sides(self.measure, self.bound)
        return f"{left} {sign} {right}"

    def components(self) -> "tuple[Atom, ...]":
        """Itself."""
        return (self,)


@dataclass(frozen=True)
class Near(Claim):
    """A measure within a margin of a constant: supported when the whole interval lies inside."""

    measure: Measure
    target: float
    margin: float

    @property
    def text(self) -> str:
        """Such as `a within 0.05 of b`."""
        left, right = _sides(self.measure, self.target)
        return f"{left} within {self.margin:g} of {right}"

    def components(self) -> "tuple[Atom, ...]":
        """Itself."""
        return (self,)


Atom = Compare | Near


@dataclass(frozen=True)
class AllOf(Claim):
    """Every one of several claims; `ordered` is the chain of its neighbours."""

    parts: tuple[Claim, ...]
    name: str = "all of"

    @property
    def text(self) -> str:
        """The parts, joined."""
        return " and ".join(p.text for p in self.parts)

    def components(self) -> tuple[Atom, ...]:
        """The components of every part."""
        return tuple(a for p in self.parts for a in p.components())

    def conditions(self) -> tuple[Claim, ...]:
        """The conditions of every part."""
        return tuple(c for p in self.parts for c in p.conditions())


@dataclass(frozen=True)
class AtLeast(Claim):
    """At least `k` of several claims."""

    k: int
    parts: tuple[Claim, ...]

    @property
    def text(self) -> str:
        """The parts, counted."""
        return f"at least {self.k} of: " + "; ".join(p.text for p in self.parts)

    def components(self) -> tuple[Atom, ...]:
        """The components of every part."""
        return tuple(a for p in self.parts for a in p.components())

    def conditions(self) -> tuple[Claim, ...]:
        """The conditions of every part."""
        return tuple(c for p in self.parts for c in p.conditions())


@dataclass(frozen=True)
class Given(Claim):
    """A claim about a population of runs for which a condition holds; never a filter on seeds."""

    part: Claim
    condition: Claim

    @property
    def text(self) -> str:
        """The claim and its condition."""
        return f"{self.part.text}, given {self.condition.text}"

    def components(self) -> tuple[Atom, ...]:
        """Those of the claim: conditions are not counted."""
        return self.part.components()

    def conditions(self) -> tuple[Claim, ...]:
        """The condition and those inside the claim."""
        return (*self.part.conditions(), self.condition)


def _sides(measure: Measure, bound: float) -> tuple[str, str]:
    wrap = "{}"
    if isinstance(measure, Mean | Exact):
        wrap, measure = ("mean({})" if isinstance(measure, Mean) else "exact({})"), measure.part
    if not isinstance(measure, Linear) or not any(w < 0 for w, _ in measure.terms) or wrap != "{}":
        return wrap.format(measure.text), f"{bound:g}"
    left = Linear(tuple((w, m) for w, m in measure.terms if w > 0))
    right = Linear(tuple((-w, m) for w, m in measure.terms if w < 0), bound)
    return (left.text, right.text) if left.terms else (measure.text, f"{bound:g}")


def _normal(left: Measure, right: Measure | float) -> tuple[Measure, float]:
    """All measures left, a constant right."""
    if isinstance(left, Mean | Exact):
        if isinstance(right, Measure):
            raise HeldoutError(f"`{left.text}` is allowed outermost only: write mean(a - b) > 0, not mean(a) > mean(b)")
        inner, bound = _normal(left.part, right)
        return type(left)(inner), bound
    whole = combine(left, right, -1.0)
    if not isinstance(whole, Linear):  # combine always yields a sum
        raise TypeError(whole)
    if not whole.terms:
        raise HeldoutError(f"`{left.text}` is compared with itself: both sides are the same measure")
    bare = Linear(whole.terms)
    (weight, measure), *rest = bare.terms
    return (measure if not rest and weight == 1 else bare), -whole.constant + 0.0


def compare(left: Measure, right: Measure | float, side: int) -> Compare:
    """`left > right` for side 1, `left < right` for side -1."""
    measure, bound = _normal(left, right)
    return Compare(measure, side, bound)


def near(left: Measure, right: Measure | float, margin: float) -> Near:
    """`left` within `margin` of `right`."""
    if not margin > 0:
        raise HeldoutError(
            f"near() needs a positive margin, and {margin:g} is not: nothing is shown equal by a finite sample"
        )
    measure, target = _normal(left, right)
    return Near(measure, target, margin)


def ordered(*measures: Measure) -> AllOf:
    """The first measure above the second, above the third, and so on."""
    if len(measures) < 2:
        raise HeldoutError("ordered() needs at least two measures")
    return AllOf(tuple(compare(a, b, 1) for a, b in zip(measures, measures[1:], strict=False)), "ordered")


def all_of(*claims: Claim) -> AllOf:
    """Every one of the claims."""
    _claims("all_of", claims)
    return AllOf(claims)


def _claims(word: str, parts: Sequence[object]) -> None:
    if not parts or not all(isinstance(part, Claim) for part in parts):
        raise HeldoutError(f"{word}() takes claims, at least one: got {parts!r:.80}")


def at_least(k: int, *claims: Claim) -> AtLeast:
    """At least `k` of the claims."""
    _claims("at_least", claims)
    if not 1 <= k <= len(claims):
        raise HeldoutError(f"at_least({k}, ...) of {len(claims)} claims: k must lie between 1 and their number")
    return AtLeast(k, claims)
