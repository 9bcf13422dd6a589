"""How one system of a pair stands to the other, in words and marks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from heldout.report.number import counted, interval, number, p_value, places
from heldout.report.text import short
from heldout.results.comparison import Comparison, Interval, PairRow, PairVerdict
from heldout.results.pages.standing import standing


@dataclass(frozen=True)
class Relation:
    """A verdict seen from one side. `colour`: a name of the report's style."""

    word: str
    mark: str
    colour: str


BETTER = Relation("better", "▲", "supported")
WORSE = Relation("worse", "▼", "refuted")
EQUIVALENT = Relation("equivalent", "≈", "void")
UNDECIDED = Relation("undecided", "◆", "undecided")
EVERY = (BETTER, WORSE, EQUIVALENT, UNDECIDED)

_SEEN = {
    "a better": (BETTER, WORSE),
    "b better": (WORSE, BETTER),
    "equivalent": (EQUIVALENT, EQUIVALENT),
    "undecided": (UNDECIDED, UNDECIDED),
}
_TURNED: dict[PairVerdict, PairVerdict] = {
    "a better": "b better",
    "b better": "a better",
    "equivalent": "equivalent",
    "undecided": "undecided",
}


def relation(pair: PairRow, system: str) -> Relation:
    """How that system of the pair stands to the other."""
    return _SEEN[pair.verdict][0 if pair.a == system else 1]


def others(comparison: Comparison, system: str) -> Iterator[tuple[str, PairRow]]:
    """Every other system with the pair that it makes with this one."""
    for pair in comparison.pairs:
        if system in (pair.a, pair.b):
            yield (pair.b if pair.a == system else pair.a), pair


def decimals(comparison: Comparison) -> int:
    """How many decimals differences are shown with."""
    return places(*(v for p in comparison.pairs for v in (p.difference.estimate, p.difference.low, p.difference.high)))


def towards(pair: PairRow, system: str) -> PairRow:
    """The pair with that system first: the same numbers seen from its side."""
    if pair.a == system:
        return pair
    d, q = pair.difference, pair.probability_of_improvement
    return replace(
        pair,
        a=pair.b,
        b=pair.a,
        difference=Interval(-d.estimate, -d.high, -d.low),
        probability_of_improvement=Interval(1 - q.estimate, 1 - q.high, 1 - q.low),
        effect_size=-pair.effect_size,
        verdict=_TURNED[pair.verdict],
    )


def ordered(comparison: Comparison) -> tuple[PairRow, ...]:
    """All pairs, the system with the higher mean first in each and among them."""
    place = {s.system: i for i, s in enumerate(standing(comparison))}
    turned = (towards(p, min(p.a, p.b, key=place.__getitem__)) for p in comparison.pairs)
    return tuple(sorted(turned, key=lambda p: (place[p.a], place[p.b])))


def evidence(pair: PairRow, decimals: int) -> str:
    """Difference, probability of improvement and p in one phrase, from the first system to the second."""
    d, q = pair.difference, pair.probability_of_improvement
    said = [f"difference {number(d.estimate, decimals)} {interval(d.low, d.high, decimals)}".rstrip()]
    said += [f"probability of improvement {number(q.estimate, 2)} {interval(q.low, q.high, 2)}".rstrip()]
    said += [f"adjusted p {p_value(pair.p_adjusted)}"]
    return ", ".join(said)


def basis(pair: PairRow) -> str:
    """What a pair rests on: `26 tasks, paired by task` or `60 runs over all tasks, not paired`."""
    paired = f"paired by {short(pair.paired_by, 16)}" if pair.paired_by else "not paired"
    over = " over all tasks" if pair.unit in ("seed", "run") else ""
    return f"{counted(pair.n, pair.unit)}{over}, {paired}"
